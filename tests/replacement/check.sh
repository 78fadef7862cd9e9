#!/bin/sh -eu
# Runs the services under s6 in a root that has no execline but ours, and says what it sees.
# $1 is the interpreter of their scripts.

wait_for() {
  tries=300
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "in vain: $*"; return 1; }
    sleep 0.1
  done
}

has_line() {
  [ -e "$2" ] && grep -q "$1" "$2"
}

has_three_lines() {
  [ "$(grep -c 'started with' /work/log/current)" = 3 ]
}

rotated() {
  set -- /work/log/@*
  [ -e "$1" ]
}

name() {
  tr '\0' ' ' <"/proc/$(s6-svstat -o pid daemon)/cmdline"
}

# It is ready a moment before it becomes the daemon.
is_daemon() {
  case $(name) in replaced-daemon*) ;; *) return 1 ;; esac
}

echo "execline is $("$1" -c 'execline --version')"
echo "theirs: $(find /usr/lib/execline /command /package /usr/bin/execlineb -type f -size +0 ! -name '*.md' \
  -exec grep -L -e 'compatible with execline' -e 'Written by install.sh' {} + 2>/dev/null)"

cd /work/services
s6-svscan -t 0 . &
tree=$!
wait_for s6-svok daemon
wait_for s6-svok daemon/log
s6-svwait -t 30000 -U daemon
echo "started: $(s6-svstat -o up,ready daemon)"
wait_for has_line 'started with' /work/log/current

s6-svc -T 30000 -w R -r daemon
echo "restarted: $(s6-svstat -o up,ready daemon)"
s6-svc -T 30000 -w D -d daemon
echo "down: $(s6-svstat -o up,wantedup,exitcode,signal daemon)"
s6-svc -T 30000 -w U -u daemon
echo "up again: $(s6-svstat -o up,ready daemon)"
wait_for is_daemon
echo "it is: $(name)"

wait_for s6-svwait -t 1000 -D failing
echo "finished:"
sort /work/finished

wait_for has_three_lines
s6-svc -a daemon/log
wait_for rotated
echo "logged:"
cat /work/log/@*

s6-svscanctl -t .
wait "$tree"
cat /work/ended
