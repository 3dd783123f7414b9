# made by: inv-cat --print=fish
complete -c inv-cat -l format -r -f -a 'text json' -d 'print text or json (default: text)'
complete -c inv-cat -s r -l rows -d 'print the rows only, under the names of columns'
complete -c inv-cat -s l -l load -d 'read text and write the stream that it stands for'
complete -c inv-cat -s z -l compress -d 'with --load: compress blocks of prefix rows'
complete -c inv-cat -s v -l verbose -d 'end with a line of counts, time and memory'
complete -c inv-cat -l help -d 'show this help and leave'
complete -c inv-cat -l version -d 'show the versions of program and formats'
