import Testing

@testable import InvCLI

@Suite struct ProblemTests {
  private func problems(_ summary: String = "do it", _ options: [Option<Int>]) -> [String] {
    Command("t", summary: summary, defaults: 0, options: options).problems
  }

  @Test func theSampleAndTheSharedOptionsHaveNone() {
    #expect(Sample.command().problems == [])
  }

  @Test func namesAreUnique() {
    let options: [Option<Int>] = [
      .flag("a", "x", "one") { _ in }, .flag("a", "x", "two") { _ in },
      .flag("help", nil, "three") { _ in }, .flag("print", nil, "four") { _ in },
    ]
    #expect(
      problems("do it", options) == [
        "--a is there twice", "-x is there twice", "--help is there twice",
        "--print is there twice",
      ])
  }

  @Test(arguments: [
    ("Do it", "does not start lower-case"), ("do it.", "ends with a full stop"),
    ("", "does not start lower-case"), ("do\nit", "is not one line"),
  ])
  func sentencesKeepTheirForm(text: String, flaw: String) {
    #expect(problems(text, []) == ["summary \(flaw)"])
    #expect(problems("do it", [.flag("a", nil, text) { _ in }]) == ["--a: help \(flaw)"])
  }

  @Test func helpFitsItsColumns() {
    let line = String(repeating: "x", count: 53)
    let found = problems("do it", [.flag("a", nil, line) { _ in }])
    #expect(found.first == "--a: help is wider than 52 columns")
    #expect(found.count == 2)
    #expect(problems("do it", [.flag("a", nil, String(line.dropLast())) { _ in }]) == [])
  }

  @Test func wordsAreWellFormed() {
    let found = problems(
      "do it",
      [
        .value("a", "-", "file", "one") { $0 = $1 },
        .flag("Be", "\u{e9}", "two") { _ in },
        .flag("c_d", nil, "three") { _ in },
      ])
    #expect(
      found == [
        "--a: -- is not a letter or digit", "--a: file is not in capitals",
        "--Be: name is not of small letters, digits and hyphens",
        "--Be: -\u{e9} is not a letter or digit",
        "--c_d: name is not of small letters, digits and hyphens",
      ])
  }
}
