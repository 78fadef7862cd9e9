" Writes to the file `groups` a line for each of the g:count files N.execline here: a JSON list
" of the highlight groups' names by byte, and a newline behind each line.
set encoding=latin1 fileencodings=latin1 nofixendofline
filetype on
syntax on
let lists = []
for number in range(g:count)
  execute 'edit! ++ff=unix' number . '.execline'
  let list = []
  for line in range(1, line('$'))
    for column in range(1, strlen(getline(line)))
      call add(list, synIDattr(synID(line, column, 1), 'name'))
    endfor
    if line < line('$') || &endofline
      call add(list, "\n")
    endif
  endfor
  call add(lists, json_encode(list))
endfor
call writefile(lists, 'groups')
quitall!
