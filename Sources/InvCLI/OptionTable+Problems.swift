extension OptionTable {
  /// What is wrong with the table: one sentence each, none when it may be used.
  var problems: [String] {
    var problems: [String] = []
    var seen: Set<String> = []
    for entry in entries {
      for spelling in [entry.long, entry.short].compactMap(\.self)
      where !seen.insert(spelling).inserted {
        problems.append("\(spelling) is there twice")
      }
      problems += entry.problems.map { "\(entry.long): \($0)" }
    }
    if let flaw = flaw(of: summary) { problems.append("summary \(flaw)") }
    for line in help.split(separator: "\n") where line.count > Self.width {
      problems.append("help is wider than \(Self.width) columns: \(line)")
    }
    return problems
  }
}

extension OptionEntry {
  fileprivate var problems: [String] {
    var problems: [String] = []
    if !isWord(name, of: "a"..."z", with: "-") {
      problems.append("name is not of small letters, digits and hyphens")
    }
    if let letter, !(letter.isASCII && (letter.isLetter || letter.isNumber)) {
      problems.append("-\(letter) is not a letter or digit")
    }
    if let operand, !isWord(operand, of: "A"..."Z", with: "-/") {
      problems.append("\(operand) is not in capitals")
    }
    if let flaw = flaw(of: help) { problems.append("help \(flaw)") }
    if help.count > OptionTable.width - OptionTable.column {
      problems.append("help is wider than \(OptionTable.width - OptionTable.column) columns")
    }
    return problems
  }
}

private func isWord(_ word: String, of letters: ClosedRange<Character>, with others: String)
  -> Bool
{
  guard let first = word.first, letters.contains(first) else { return false }
  return word.allSatisfy {
    letters.contains($0) || ("0"..."9").contains($0) || others.contains($0)
  }
}

private func flaw(of sentence: String) -> String? {
  guard let first = sentence.first, first.isLowercase else { return "does not start lower-case" }
  if sentence.hasSuffix(".") { return "ends with a full stop" }
  return sentence.contains("\n") ? "is not one line" : nil
}
