#!/usr/bin/with-contenv bash
# The name ends in .sh, which does not matter; the links in /usr/bin come from the symlinks tarballs.
ln -snf "/usr/share/zoneinfo/${TZ:-Etc/UTC}" /etc/localtime
