# Asks zsh what it would complete: zsh -f ask.zsh DIRECTORY LINE, where DIRECTORY has the
# function _exlint. Prints the words. Completion works in interactive shells only: this starts
# one on a terminal of its own, types the line and a tab, and reads what compadd was given.
zmodload zsh/zpty
zpty shell "env TERM=dumb zsh -f -i"
ask() { zpty -w shell "$1" }
ask "PS1=; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D -u"
ask 'compadd() {
  local -a found
  builtin compadd -A found "$@"
  (( $#found )) && print -l -- "found: "$^found
  builtin compadd "$@"
}'
ask 'complete-and-end() { print; zle complete-word; print; print "end of completions"; exit }'
# The sum tells the answer from the echo of the question.
ask "zle -N complete-and-end; bindkey '^I' complete-and-end; print ready-\$((1 + 1))"
while zpty -r shell line; do [[ $line == *ready-2* ]] && break; done
zpty -n -w shell "$2"$'\t'
while zpty -r shell line; do
  line=${line%$'\n'}
  line=${line%$'\r'}
  [[ $line == *"found: "* ]] && print -r -- "${line##*found: }"
  [[ $line == *"end of completions"* ]] && break
done
