# made by: inv-check --print=fish
complete -c inv-check -s j -l threads -r -f -d 'use N threads (default: all cores)'
complete -c inv-check -s q -l quiet -d 'say nothing of what is whole'
complete -c inv-check -s v -l verbose -d 'end with a line of counts, time and memory'
complete -c inv-check -l help -d 'show this help and leave'
complete -c inv-check -l version -d 'show the versions of program and formats'
