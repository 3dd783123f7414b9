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
        else if contains -- $word -c --children -t --tree --min-depth --max-depth -n --top --limit -s --sort --min-bytes --max-bytes --min-objects --max-objects --min-avg-size --max-avg-size --older-than --newer-than --accessed-before --accessed-after -m --match --name --exclude -b --by -w --where -u --owner -g --group --prices --region --and --strip -f --format --color
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
complete -c inv-query -l min-depth -r -f -d 'list only prefixes at depth N or below'
complete -c inv-query -l max-depth -r -f -d 'list only prefixes at depth N or above'
complete -c inv-query -s n -l top -r -f -d 'list only the first N (in a tree, of each parent)'
complete -c inv-query -l limit -r -f -d 'list no more than N in all'
complete -c inv-query -s s -l sort -r -f -a 'bytes objects newest oldest accessed name prefixes depth cost avg direct-bytes direct-objects direct-prefixes' -d 'order by KEY (default: bytes)'
complete -c inv-query -s r -l reverse -d 'turn the order round'
complete -c inv-query -l min-bytes -r -f -d 'list only prefixes of SIZE or more'
complete -c inv-query -l max-bytes -r -f -d 'list only prefixes of SIZE or less'
complete -c inv-query -l min-objects -r -f -d 'list only prefixes of N objects or more'
complete -c inv-query -l max-objects -r -f -d 'list only prefixes of N objects or fewer'
complete -c inv-query -l min-avg-size -r -f -d 'list only those of SIZE or more an object'
complete -c inv-query -l max-avg-size -r -f -d 'list only those of SIZE or less an object'
complete -c inv-query -l older-than -r -f -d 'list only those with nothing newer than AGE'
complete -c inv-query -l newer-than -r -f -d 'list only those with something newer than AGE'
complete -c inv-query -l accessed-before -r -f -d 'list only those with nothing read since AGE'
complete -c inv-query -l accessed-after -r -f -d 'list only those with something read since AGE'
complete -c inv-query -s m -l match -r -f -d 'list only those that match GLOB (implies --all)'
complete -c inv-query -l name -r -f -d 'list only those called GLOB (implies --all)'
complete -c inv-query -l exclude -r -f -d 'do not list those that match GLOB'
complete -c inv-query -s i -l ignore-case -d 'let a GLOB match small and capital letters alike'
complete -c inv-query -l single-owner -d 'list only what belongs to one owner alone'
complete -c inv-query -l single-group -d 'list only what belongs to one group alone'
complete -c inv-query -l total -d 'end with the sum of what is listed'
complete -c inv-query -s b -l by -r -f -d 'break down by one or two, such as class,age'
complete -c inv-query -s w -l where -r -f -d 'count only some, such as class=GLACIER,age=1y..2y'
complete -c inv-query -s u -l owner -r -f -d 'count only what is of owner NAME, or a number'
complete -c inv-query -l mine -d 'count only what is yours'
complete -c inv-query -s g -l group -r -f -d 'count only what is of group NAME, or a number'
complete -c inv-query -l my-group -d 'count only what is of your group'
complete -c inv-query -l numeric -d 'show owners and groups as numbers'
complete -c inv-query -l cost -d 'tell what it costs a month'
complete -c inv-query -l prices -r -F -d 'take prices from FILE: inv-prices(5)'
complete -c inv-query -l region -r -f -d 'take the prices of region NAME'
complete -c inv-query -l hidden -d 'tell of noncurrent versions and delete markers'
complete -c inv-query -l dirs -d 'tell of directories: how many, and their own bytes'
complete -c inv-query -l audit -d 'tell what was read, counted and set aside'
complete -c inv-query -l info -d 'tell what the index is'
complete -c inv-query -l and -r -f -a '(__fish_complete_directories)' -d 'answer of the index OUT too; repeatable'
complete -c inv-query -l strip -r -f -a '(__fish_complete_directories)' -d 'take the mount point DIR off each PREFIX'
complete -c inv-query -s f -l format -r -f -a 'table tsv csv json' -d 'write a table, tsv, csv or json'
complete -c inv-query -l color -r -f -a 'auto always never' -d 'color: auto, always or never'
complete -c inv-query -s 0 -l null -d 'prefixes from standard input end in NUL'
complete -c inv-query -s v -l verbose -d 'end with a line of counts, time and memory'
complete -c inv-query -l help -d 'show this help and leave'
complete -c inv-query -l version -d 'show the versions of program and formats'
