extension OptionTable {
  /// The completion for bash, without the package bash-completion.
  var bash: String {
    let function = "_" + name.replacing("-", with: "_")
    var cases = ""
    for entry in shown where entry.operand != nil {
      let pattern = [entry.short, entry.long].compactMap(\.self).joined(separator: "|")
      cases += "    \(pattern)) \(bashOffer(entry.hint))return ;;\n"
    }
    if !cases.isEmpty { cases = "  case $before in\n\(cases)  esac\n" }
    let words = shown.flatMap { [$0.short, $0.long].compactMap(\.self) }.joined(separator: " ")
    if hint == .prefix { return bashWithPrefixes(function, cases: cases, words: words) }
    let offer = bashOffer(hint)
    return """
      # \(origin("bash"))
      \(function)() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
        if [[ $word == = ]]; then
          word=
        elif [[ $before == = ]]; then
          before=${COMP_WORDS[COMP_CWORD-2]}
        fi
        COMPREPLY=()
      \(cases)  if [[ $word == -* ]]; then
          mapfile -t COMPREPLY < <(compgen -W '\(words)' -- "$word")
      \(offer.isEmpty ? "" : "  else\n    \(offer.dropLast(2))\n")  fi
      }
      complete -F \(function) \(name)

      """
  }

  func bashOffer(_ hint: Hint) -> String {
    let (before, what): (String, String)
    switch hint {
    case .none: return ""
    case .file: (before, what) = ("compopt -o filenames; ", "-f")
    case .folder, .prefix: (before, what) = ("compopt -o filenames; ", "-d")
    case .words(let words): (before, what) = ("", "-W '\(words.joined(separator: " "))'")
    }
    return before + "mapfile -t COMPREPLY < <(compgen \(what) -- \"$word\"); "
  }

  /// The completion for zsh: a function file.
  var zsh: String {
    var lines = ["#compdef \(name)", "# \(origin("zsh"))"]
    if hint == .prefix {
      lines += ["local curcontext=$curcontext state line", "typeset -A opt_args"]
    }
    lines.append(hint == .prefix ? "_arguments -C -s -S \\" : "_arguments -s -S \\")
    for entry in shown {
      let value = entry.operand.map { ":\($0):\(zshAction(entry.hint))" } ?? ""
      let (letterEnd, nameEnd) = entry.operand == nil ? ("", "") : ("+", "=")
      let names = entry.short.map { "'*'{\($0)\(letterEnd),\(entry.long)\(nameEnd)}'" }
      let explained = "[\(zshEscaped(entry.help))]\(value)' \\"
      lines.append("  " + (names ?? "'*\(entry.long)\(nameEnd)") + explained)
    }
    switch hint {
    case .prefix: lines += zshPrefixes
    case _ where operands.isEmpty: break
    default: lines.append("  '*:operand:\(zshAction(hint))'")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func zshAction(_ hint: Hint) -> String {
    switch hint {
    case .none: " "
    case .file: "_files"
    case .folder, .prefix: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private func zshEscaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "'": escaped += "'\\''"
      case "[", "]", "\\", ":": escaped += "\\\(character)"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  /// The completion for fish.
  var fish: String {
    var text = "# \(origin("fish"))\n"
    if hint == .prefix {
      text += fishPrefixes
    } else if let offer = fishOffer(hint) {
      text += "complete -c \(name)\(offer)\n"
    }
    for entry in shown {
      text += "complete -c \(name)"
      if let letter = entry.letter { text += " -s \(letter)" }
      text += " -l \(entry.name)"
      if entry.operand != nil { text += " -r" + (fishOffer(entry.hint) ?? " -F") }
      text += " -d '\(entry.help.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'\n"
    }
    return text
  }

  /// nil where files are offered, which fish does by itself.
  private func fishOffer(_ hint: Hint) -> String? {
    switch hint {
    case .file: nil
    case .none: " -f"
    case .folder, .prefix: " -f -a '(__fish_complete_directories)'"
    case .words(let words): " -f -a '\(words.joined(separator: " "))'"
    }
  }

  func origin(_ shell: String) -> String { "made by: \(name) --print=\(shell)" }
}
