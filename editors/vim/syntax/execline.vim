" Vim syntax file
" Language: execline, https://skarnet.org/software/execline/execlineb.html
" The lists of commands are derived from the registry: BLESS=1 cargo test --test tidy.

if exists("b:current_syntax")
  finish
endif

" A word begins behind white space, which is every control character, and ends before it.
" Commands that take a block.
syn match execlineBlockCommand "\%(^\|[\x01-\x20]\)\@1<=\%(/command/\|/bin/\|/usr/bin/\)\=\%(background\|backtick\|case\|export-array\|forbacktickx\|foreground\|forx\|if\|ifelse\|ifte\|ifthenelse\|multidefine\|multisubstitute\|pipeline\|trap\|tryexec\|wait\)\ze\%([\x01-\x20]\|$\)"
" Commands that take none.
syn match execlineCommand "\%(^\|[\x01-\x20]\)\@1<=\%(/command/\|/bin/\|/usr/bin/\)\=\%(cd\|define\|dollarat\|elgetopt\|elgetpositionals\|elglob\|eltest\|emptyenv\|envfile\|exec\|execline\|execline-cd\|execline-umask\|execlineb\|exit\|export\|fdblock\|fdclose\|fdmove\|fdreserve\|fdswap\|forstdin\|getcwd\|getpid\|heredoc\|homeof\|importas\|loopwhilex\|piperw\|posix-cd\|posix-umask\|redirfd\|runblock\|shift\|umask\|unexport\|withstdinas\)\ze\%([\x01-\x20]\|$\)"
syn match execlineOption "\%(^\|[\x01-\x20]\)\@1<=--\=[A-Za-z0-9][A-Za-z0-9_-]*\ze\%([\x01-\x20=]\|$\)"
syn match execlineOption "\%(^\|[\x01-\x20]\)\@1<=--\ze\%([\x01-\x20]\|$\)"
syn match execlineNumber "\%(^\|[\x01-\x20]\)\@1<=\d\+\ze\%([\x01-\x20]\|$\)"

" A brace is one only as a word of its own.
syn match execlineBrace "\%(^\|[\x01-\x20]\)\@1<=[{}]\ze\%([\x01-\x20]\|$\)"

" A backslash takes the next character, a newline too.
syn match execlineEscape "\\\_."
syn match execlineQuotedEscape contained "\\\_."
syn match execlineQuotedEscape contained "\\0x\x\{1,2}\|\\0\o\{1,3}\|\\[1-9]\d\{,2}"
syn region execlineString start=+"+ end=+"+ contains=execlineQuotedEscape,execlineSubstitution

syn match execlineSubstitution "\${[^\\${}"[:cntrl:]]\+}"
syn match execlineSubstitution "\$\%(\h\w*\|\d\+\|[#@?!]\)\ze\%([$"{}[:cntrl:] ]\|\\\\\|$\)"

syn match execlineComment "\%(^\|[\x01-\x20]\)\@1<=#.*$" contains=execlineTodo,@Spell
syn keyword execlineTodo contained TODO FIXME XXX

" Blocks and strings may be long.
syn sync fromstart

hi def link execlineBlockCommand Conditional
hi def link execlineCommand Statement
hi def link execlineOption Special
hi def link execlineNumber Number
hi def link execlineBrace Delimiter
hi def link execlineEscape SpecialChar
hi def link execlineQuotedEscape SpecialChar
hi def link execlineString String
hi def link execlineSubstitution Identifier
hi def link execlineComment Comment
hi def link execlineTodo Todo

let b:current_syntax = "execline"
