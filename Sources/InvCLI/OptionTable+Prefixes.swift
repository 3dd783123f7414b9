// Completion of operands of which the first is a folder with an index and the others are prefixes in it:
// the tool itself prints what a prefix can go on with, for `--complete OUT WORD`.
extension OptionTable {
  /// The options whose value is a word of its own, as a pattern of bash.
  private var optionsWithValue: [String] {
    shown.filter { $0.operand != nil }.flatMap { [$0.short, $0.long].compactMap(\.self) }
  }

  /// The completion for bash.
  ///
  /// Bash breaks words at `=` and `:` and leaves quotes in them, so the line is read anew. Of a candidate
  /// only what follows the last break is offered, as bash puts it in the place of `$2`; and as candidates
  /// go for names of files, bash quotes them.
  func bashWithPrefixes(_ function: String, cases: String, words: String) -> String {
    """
    # \(origin("bash"))
    \(function)() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
      if [[ $word == = ]]; then
        word=
      elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
      fi
      COMPREPLY=()
    \(cases)  local line=${COMP_LINE:0:COMP_POINT} words=() typed= kept= quote= is_word= i character
      for ((i = 0; i < ${#line}; i++)); do
        ((i != ${#line} - ${#2})) || kept=$typed
        character=${line:i:1}
        case $quote$character in
          "''" | '""') quote= ;;
          "'"?) typed+=$character ;;
          '"\\')
            [[ ${line:i+1:1} != [\\"\\$\\`\\\\] ]] || ((i++))
            typed+=${line:i:1} ;;
          '"'?) typed+=$character ;;
          '\\'?)
            typed+=$character
            quote= ;;
          [[:space:]])
            [[ ! $is_word ]] || words+=("$typed")
            typed= kept= is_word= ;;
          "'" | '"' | '\\')
            quote=$character
            is_word=1 ;;
          *)
            typed+=$character
            is_word=1 ;;
        esac
      done
      ((${#2})) || kept=$typed
      local options='|\(optionsWithValue.joined(separator: "|"))|' out= is_value= are_options_over=
      [[ ! $words || $options != *"|${words[-1]}|"* ]] || return
      for word in "${words[@]:1}"; do
        if [[ $is_value ]]; then
          is_value=
        elif [[ $are_options_over || $word != -?* ]]; then
          [[ $out ]] || out=$word
        elif [[ $word == -- ]]; then
          are_options_over=1
        elif [[ $options == *"|$word|"* ]]; then
          is_value=1
        fi
      done
      if [[ $typed == -* && ! $are_options_over ]]; then
        mapfile -t COMPREPLY < <(compgen -W '\(words)' -- "$typed")
      elif [[ ! $out ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$2")
      else
        [[ $out != '~/'* ]] || out=$HOME/${out:2}
        compopt -o filenames -o nospace
        mapfile -t COMPREPLY < <(\(name) --complete -- "$out" "$typed" 2>/dev/null)
        for i in "${!COMPREPLY[@]}"; do
          COMPREPLY[i]=${COMPREPLY[i]#"$kept"}
        done
      fi
    }
    complete -F \(function) \(name)

    """
  }

  /// The end of the completion for zsh: the operands of `_arguments`, and what is done with them.
  var zshPrefixes: [String] {
    [
      "  '1:operand:_files -/' \\",
      "  '*:operand:->prefix' && return 0",
      "if [[ $state == prefix ]]; then",
      "  local out=${(Q)line[1]} typed=${(Q)PREFIX}",
      "  [[ $out != '~/'* ]] || out=$HOME/${out#'~/'}",
      "  local -a names=(\"${(@f)$(\(name) --complete -- \"$out\" \"$typed\" 2>/dev/null)}\")",
      "  [[ -z $names ]] || compadd -S '' -a names",
      "fi",
    ]
  }

  /// The beginning of the completion for fish: what it offers for operands.
  var fishPrefixes: String {
    let function = "__" + name.replacing("-", with: "_") + "_operands"
    return """
      function \(function)
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
              else if contains -- $word \(optionsWithValue.joined(separator: " "))
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
          \(name) --complete -- $out "$typed" 2>/dev/null | string match -v -r '\\t'
      end
      complete -c \(name) -f -a '(\(function))'

      """
  }
}
