# made by: inv-query --print=fish
function __inv_query_operands
    set -l out
    set -l is_value
    set -l are_options_over
    for word in (commandline -opc)[2..]
        if test -n "$is_value"
            set is_value
        else if test -n "$are_options_over"; or not string match -q -- '-?*' $word
            set out $word
            break
        else if test "$word" = --
            set are_options_over 1
        else if contains -- $word -c --children -t --tree -n --top --limit -s --sort --min-bytes --max-bytes --min-objects --max-objects --older-than --newer-than -m --match --exclude -b --by -w --where --prices --region -f --format --color
            set is_value 1
        end
    end
    if test -z "$out"
        __fish_complete_directories
        return
    end
    set out (string replace -r '^~/' "$HOME/" -- $out)
    set -l typed (commandline -ct)
    for quote in '' "'" '"'
        set -l plain (string unescape -- $typed$quote)
        and set typed $plain
        and break
    end
    # What follows a tab would be an explanation.
    inv-query --complete -- $out "$typed" 2>/dev/null | string match -v -r '\t'
end
complete -c inv-query -f -a '(__inv_query_operands)'
complete -c inv-query -s c -l children -r -f -d 'list the prefixes exactly N levels below'
complete -c inv-query -s t -l tree -r -f -d 'list the prefixes up to N levels below, as a tree'
complete -c inv-query -s a -l all -d 'list all prefixes below'
complete -c inv-query -l leaves -d 'list only those with none below (implies --all)'
complete -c inv-query -s n -l top -r -f -d 'list only the first N (in a tree, of each parent)'
complete -c inv-query -l limit -r -f -d 'list no more than N in all'
complete -c inv-query -s s -l sort -r -f -a 'bytes objects newest oldest name prefixes depth cost direct-bytes direct-objects' -d 'order by KEY (default: bytes)'
complete -c inv-query -s r -l reverse -d 'turn the order round'
complete -c inv-query -l min-bytes -r -f -d 'list only prefixes of SIZE or more'
complete -c inv-query -l max-bytes -r -f -d 'list only prefixes of SIZE or less'
complete -c inv-query -l min-objects -r -f -d 'list only prefixes of N objects or more'
complete -c inv-query -l max-objects -r -f -d 'list only prefixes of N objects or fewer'
complete -c inv-query -l older-than -r -f -d 'list only those with nothing newer than AGE'
complete -c inv-query -l newer-than -r -f -d 'list only those with something newer than AGE'
complete -c inv-query -s m -l match -r -f -d 'list only those that match GLOB (implies --all)'
complete -c inv-query -l exclude -r -f -d 'do not list those that match GLOB'
complete -c inv-query -s b -l by -r -f -d 'break down by one or two, such as class,age'
complete -c inv-query -s w -l where -r -f -d 'count only some, such as class=GLACIER,age=1y..2y'
complete -c inv-query -l cost -d 'tell what it costs a month'
complete -c inv-query -l prices -r -F -d 'take prices from FILE: inv-prices(5)'
complete -c inv-query -l region -r -f -d 'take the prices of region NAME'
complete -c inv-query -l hidden -d 'tell of noncurrent versions and delete markers'
complete -c inv-query -l audit -d 'tell what was read, counted and set aside'
complete -c inv-query -l info -d 'tell what the index is'
complete -c inv-query -s f -l format -r -f -a 'table tsv csv json' -d 'write a table, tsv, csv or json'
complete -c inv-query -l color -r -f -a 'auto always never' -d 'color: auto, always or never'
complete -c inv-query -s 0 -l null -d 'prefixes from standard input end in NUL'
complete -c inv-query -s v -l verbose -d 'end with a line of counts, time and memory'
complete -c inv-query -l help -d 'show this help and leave'
complete -c inv-query -l version -d 'show the versions of program and formats'
