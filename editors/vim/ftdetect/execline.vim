" Scripts by their first line; the up and down files of s6-rc, which have none, by their place.
au BufRead,BufNewFile *.execline setfiletype execline
au BufRead,BufNewFile */s6-rc.d/*/up,*/s6-rc.d/*/down setfiletype execline
au BufRead,BufNewFile * if getline(1) =~# '^#!.*\<execlineb\>' | set filetype=execline | endif
