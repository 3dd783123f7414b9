extension OptionTable {
  /// The options as a list for mdoc(7), to stand between the lines `.\" options begin` and
  /// `.\" options end` of the tool's page.
  var manual: String {
    var text = ".Bl -tag -width Ds\n"
    for entry in shown {
      text += ".It "
      if let short = entry.short {
        text += "Fl " + short.dropFirst() + (entry.operand.map { " Ar " + $0 } ?? "") + " , "
      }
      text += "Fl -" + entry.name + (entry.operand.map { " Ns = Ns Ar " + $0 } ?? "") + "\n"
      text += entry.paragraph
    }
    return text + ".El\n"
  }
}

extension OptionEntry {
  /// The explanation as a sentence, with the operand marked up.
  fileprivate var paragraph: String {
    let sentence = help.prefix(1).uppercased() + help.dropFirst() + "."
    var text = ""
    for word in sentence.split(separator: " ") {
      let bare = word.prefix { !",.;:)".contains($0) }
      let isOperand = operand.map { bare == $0 } ?? false
      if !text.isEmpty && !text.hasSuffix("\n") { text += isOperand ? "\n" : " " }
      if isOperand {
        let marks = word.dropFirst(bare.count).map { " \($0)" }.joined()
        text += ".Ar \(bare)\(marks)\n"
      } else {
        text += escaped(word)
      }
    }
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// A word of running text for roff(7): backslashes and the hyphens of options keep their look.
  private func escaped(_ word: Substring) -> String {
    var text = word.hasPrefix(".") || word.hasPrefix("'") ? "\\&" : ""
    for character in word {
      switch character {
      case "\\": text += "\\e"
      case "-" where word.hasPrefix("-"): text += "\\-"
      default: text.append(character)
      }
    }
    return text
  }
}
