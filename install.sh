#!/bin/sh
# Installs what was built, or takes it away again. docs/install.md explains it; `make install`
# calls it, and so do the packages.
#
# It looks first and writes then: where something is in the way, or a directory cannot be
# written to, it says so and nothing is changed. What it writes it writes beside its place and
# renames, so that no command is missing at any moment and none is half a file.

set -eu

usage() {
  cat <<'END'
usage: ./install.sh [option...]
  --layout usr       PREFIX/lib/execline/bin, and PREFIX/bin/execlineb (as Debian has it)
  --layout bin       all in PREFIX/bin (as Alpine has it)
  --layout command   all in /command
  --layout package   /package/admin/execline-VERSION, and links in /command (as s6-overlay has it)
  --prefix PREFIX    for the first two layouts, exlint and the pages [/usr/local]
  --destdir DIR      lays it all out below this directory, for packages and images
  --programs DIR     where the programs are that were built [target/release, or beside this file]
  --only WHAT        execline or exlint; otherwise exlint is installed if it was built
  --without-posix-names
                     no links for the names of POSIX's shell and utilities: case cd exec exit
                     export if shift trap umask wait
  --without-manual   no manual pages, and none for execline --help
  --force            replaces what is in the way, unless it is a directory
  --uninstall        removes what this script installs with the same options
END
}

complain() {
  printf 'install.sh: %s\n' "$*" >&2
}

refuse() {
  complain "$@"
  exit 100
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
layout=usr prefix=/usr/local destdir='' programs='' only='' force=no uninstall=no
posix_names=yes manual=yes

while [ $# -gt 0 ]; do
  case $1 in
    --layout | --prefix | --destdir | --programs | --only)
      [ $# -ge 2 ] || refuse "$1 needs a value; --help lists the options"
      case $1 in
        --layout) layout=$2 ;;
        --prefix) prefix=$2 ;;
        --destdir) destdir=$2 ;;
        --programs) programs=$2 ;;
        --only) only=$2 ;;
      esac
      shift
      ;;
    --without-posix-names) posix_names=no ;;
    --without-manual) manual=no ;;
    --force) force=yes ;;
    --uninstall) uninstall=yes ;;
    --help)
      usage
      exit 0
      ;;
    *) refuse "unknown option: $1; --help lists the options" ;;
  esac
  shift
done

prefix=${prefix%/}
destdir=${destdir%/}
case $destdir in '' | /*) ;; *) destdir=$PWD/$destdir ;; esac
case $prefix in '' | /*) ;; *) refuse "--prefix is no absolute path: $prefix" ;; esac
case $only in '' | execline | exlint) ;; *) refuse "--only execline or --only exlint, not: $only" ;; esac
if [ -z "$programs" ]; then
  programs=$here
  [ -e "$here/execline" ] || programs=${CARGO_TARGET_DIR:-$here/target}/release
fi

names=$(grep -v '^#' "$here/docs/install-list.txt")
if [ -f "$here/Cargo.toml" ]; then
  version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/Cargo.toml")
else
  version=$(cat "$here/VERSION")
fi

# Where the program looks for what --help prints: src/commands/execline.rs has the list.
home='' entry='' help=$prefix/share/execline/commands
case $layout in
  usr)
    commands=$prefix/lib/execline/bin
    entry=$prefix/bin/execlineb
    ;;
  bin) commands=$prefix/bin ;;
  command)
    commands=/command
    case $prefix in '' | /usr | /usr/local) ;; *) help=/usr/local/share/execline/commands ;; esac
    ;;
  package)
    home=/package/admin/execline-$version
    commands=$home/command
    help=$home/share/execline/commands
    ;;
  *) refuse "unknown layout: $layout; --help lists the layouts" ;;
esac

# ----------------------------------------------------------------------------------------------
# What is installed: `"$1" KIND PATH SOURCE` for each file. SOURCE is the file to copy or, for
# links, what the link says.

each_command() {
  for name in $names; do
    if [ "$posix_names" = no ]; then
      case $name in case | cd | exec | exit | export | if | shift | trap | umask | wait) continue ;; esac
    fi
    # The program itself.
    [ "$name" = execline ] || "$1" "$2" "$3/$name" "$4${5:+$name}"
  done
}

each_page() {
  for name in $names; do
    "$1" page "$help/$name.md" "$here/docs/commands/$name.md"
  done
}

each_file() {
  if [ "$only" != exlint ]; then
    "$1" program "$commands/execline" "$programs/execline"
    each_command "$1" link "$commands" execline
    [ -z "$entry" ] || "$1" script "$entry" "$commands"
    if [ -n "$home" ]; then
      "$1" home /package/admin/execline "execline-$version"
      "$1" link /command/execline ../package/admin/execline/command/execline
      each_command "$1" link /command ../package/admin/execline/command/ named
    fi
  fi
  if [ "$only" != execline ] && { [ -n "$only" ] || [ -e "$programs/exlint" ] || [ "$uninstall" = yes ]; }; then
    "$1" program "$prefix/bin/exlint" "$programs/exlint"
  fi
  if [ "$manual" = yes ]; then
    [ "$only" = exlint ] || each_page "$1"
    for page in "$here"/man/man[0-9]/*; do
      [ -f "$page" ] || continue
      case $only,${page##*/} in
        execline,exlint*) continue ;;
        exlint,exlint*) ;;
        exlint,*) continue ;;
      esac
      "$1" page "$prefix/share/man/${page#"$here/man/"}" "$page"
    done
  fi
}

# Directories that nobody but execline has anything in: they go with it.
own_directories() {
  printf '%s\n' "$help" "${help%/*}"
  case $layout in
    usr) printf '%s\n' "$prefix/lib/execline/bin" "$prefix/lib/execline" ;;
    command) printf '%s\n' /command ;;
    package) printf '%s\n' "$home/share" "$home/command" "$home" /package/admin /package /command ;;
  esac
}

# True where the file at PATH was made by this script, of this or of another version.
is_ours() {
  case $1 in
    home)
      [ -L "$2" ] || return 1
      [ "$(readlink "$2")" = "$3" ] || is_ours program "$2/command/execline"
      ;;
    link)
      [ -L "$2" ] || return 1
      target=$(readlink "$2")
      [ "$target" = "$3" ] || case ${target##*/} in execline) ;; *) return 1 ;; esac
      ;;
    *)
      if [ ! -f "$2" ] || [ -L "$2" ]; then return 1; fi
      case $1 in
        # What the program answers to --version; and what the linter's suppressions look like.
        program) grep -q -e 'compatible with execline' -e 'exlint: allow' "$2" ;;
        script) grep -q 'Written by install.sh of execline' "$2" ;;
        page) grep -q 'BLESS=1' "$2" ;;
      esac
      ;;
  esac
}

# The nearest directory that is there, of those the file will be in.
standing() {
  directory=$destdir$1
  while directory=${directory%/*} && [ -n "$directory" ] && ! [ -e "$directory" ] && ! [ -L "$directory" ]; do :; done
  directory=${directory:-/}
}

# ----------------------------------------------------------------------------------------------
# Installing.

faults=0

fault() {
  complain "$@"
  faults=$((faults + 1))
}

unwritable=''
strangers=no

# Whatever was found in the way, nothing has been touched yet.
give_up_on_faults() {
  [ "$faults" -eq 0 ] && return 0
  [ "$strangers" = no ] || complain "--force replaces what is not ours, unless it is a directory"
  complain "nothing was changed"
  exit 1
}

check_directory() {
  standing "$1"
  case "$unwritable:" in *:"$directory":*) return 0 ;; esac
  if ! [ -d "$directory" ]; then
    fault "$directory is no directory"
  elif ! [ -w "$directory" ]; then
    case $(id -u) in 0) hint=": is its file system read-only?" ;; *) hint='' ;; esac
    fault "$directory cannot be written to by $(id -un)$hint"
  else
    return 0
  fi
  unwritable=$unwritable:$directory
}

check() {
  kind=$1 path=$destdir$2
  case $kind in
    program | page) [ -f "$3" ] || fault "$3 is not there: was it built?" ;;
  esac
  check_directory "$2"
  if [ ! -e "$path" ] && [ ! -L "$path" ]; then
    :
  elif [ -d "$path" ] && [ ! -L "$path" ]; then
    fault "$path is a directory"
  elif [ "$force" = no ] && ! is_ours "$kind" "$path" "$3"; then
    fault "$path is there already and is not ours"
    strangers=yes
  fi
}

staged=''
made=''

# Where something fails or a signal comes, what was prepared is taken away.
undo() {
  code=$?
  trap - EXIT HUP INT TERM
  [ -z "$staged" ] || each_file unstage
  printf '%s' "$made" | while read -r directory; do
    rmdir -- "$directory" 2>/dev/null || :
  done
  [ "$code" -ne 0 ] || code=1
  complain "stopped: what was prepared is removed"
  exit "$code"
}

next() {
  next=${1%/*}/.execline-install.$$.${1##*/}
}

make_directory() {
  [ -d "$1" ] || {
    make_directory "${1%/*}"
    mkdir -m 755 -- "$1"
    # The last that was made is the first to go.
    made="$1
$made"
  }
}

stage() {
  path=$destdir$2
  make_directory "${path%/*}"
  next "$path"
  staged=yes
  case $1 in
    link | home) ln -s -- "$3" "$next" ;;
    program)
      cp -- "$3" "$next"
      chmod 755 "$next"
      ;;
    # There are many: with the mask, this gives the mode without a second process.
    page) cat <"$3" >"$next" ;;
    script)
      cat >"$next" <<END
#!$3/execlineb
# Written by install.sh of execline. The commands are in a directory that no PATH leads to;
# what this script starts finds them there. All is substituted at once, as a word that it is
# given may have a \${PATH} of its own.
$3/multisubstitute
{
  importas -D /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PATH PATH
  elgetpositionals
}
$3/emptyenv -P
$3/export PATH $3:\${PATH}
$3/execlineb \$@
END
      chmod 755 "$next"
      ;;
  esac
}

unstage() {
  next "$destdir$2"
  rm -f -- "$next"
}

place() {
  path=$destdir$2
  next "$path"
  mv -fT -- "$next" "$path"
}

# ----------------------------------------------------------------------------------------------
# Taking away.

check_removal() {
  path=$destdir$2
  if [ -e "$path" ] || [ -L "$path" ]; then
    if is_ours "$1" "$path" "$3"; then check_directory "$2"; fi
  fi
}

remove() {
  path=$destdir$2
  if [ ! -e "$path" ] && [ ! -L "$path" ]; then
    :
  elif is_ours "$1" "$path" "$3"; then
    rm -f -- "$path"
  else
    complain "$path is not ours, and stays"
  fi
}

# ----------------------------------------------------------------------------------------------

if [ "$uninstall" = yes ]; then
  # The links for POSIX's names may be there from another time.
  posix_names=yes
  each_file check_removal
  give_up_on_faults
  each_file remove
  own_directories | while read -r directory; do
    rmdir -- "$destdir$directory" 2>/dev/null || :
  done
  exit 0
fi

each_file check
give_up_on_faults
umask 022
trap undo EXIT HUP INT TERM
each_file stage
each_file place
trap - EXIT HUP INT TERM
