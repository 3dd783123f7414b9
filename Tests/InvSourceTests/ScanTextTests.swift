import Foundation
import InvFormat
import InvSystem
import Testing

@testable import InvSource

@Suite struct ScanTextTests {
  static let scans = ["gpfs.log", "gpfs-bad.log", "lustre.lfs-scan", "find.scan", "escaped.log"]

  private func golden(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: folder.appending(path: "golden/scans/\(name)")))
  }

  private func options(
    _ format: SourceFormat? = nil, _ template: String? = nil, strips: [String] = []
  ) -> ReadingOptions {
    var options = ReadingOptions()
    options.format = format
    options.template = template.map { Array($0.utf8) }
    options.strips = strips.map { Array($0.utf8) }
    return options
  }

  private func keys(
    _ text: String, _ options: ReadingOptions, choice: RowChoice = RowChoice(), mount: String = ""
  ) throws -> [String] {
    try listed(Array(text.utf8), options, choice: choice, mount: Array(mount.utf8)).rows.map(\.text)
  }

  @Test(arguments: scans)
  func rowsDoNotDependOnHowTheTextComes(name: String) throws {
    let text = try golden(name)
    let whole = try listed(text, options())
    for piece in [1, 7, 100] {
      let other = try listed(text, options(), piece: piece)
      #expect(other.rows == whole.rows)
      #expect(other.account.audit == whole.account.audit)
    }
  }

  /// What begins behind the end of a record has the same rows there as in the whole.
  @Test(arguments: scans)
  func partsHaveTheRowsOfTheWhole(name: String) throws {
    let text = try golden(name)
    let whole = try listed(text, options())
    let end: UInt8 = name == "find.scan" ? 0 : 10
    for cut in text.indices where text[cut] == end {
      let front = try listed(Array(text[...cut]), like: text, options())
      let rest = try listed(Array(text[(cut + 1)...]), like: text, options())
      #expect(front.rows + rest.rows == whole.rows)
      #expect(front.account.read + rest.account.read == whole.account.read)
    }
  }

  /// A record that has no end is read for itself, whatever lay in the memory behind it.
  @Test(arguments: scans)
  func aCutAnywhereIsReadAlikeHoweverItComes(name: String) throws {
    let text = try golden(name)
    for end in 1..<min(text.count, 800) {
      let cut = Array(text[..<end])
      let whole = try listed(cut, like: text, options())
      let other = try listed(cut, like: text, options(), piece: 3)
      #expect(other.rows == whole.rows)
      #expect(other.account.audit == whole.account.audit)
    }
  }

  @Test func recordsOfAMebibyteAreTooLongWhateverIsAtHand() throws {
    let options = options(.find, "%*|%p")
    for (count, verdict) in [(1 << 20, RowVerdict.longRow), ((1 << 20) - 1, .longKey)] {
      let long = [UInt8](repeating: 0x61, count: count - 1)
      let text = Array("|a\n".utf8) + [0x7c] + long + Array("\n|b\n".utf8)
      for piece in [1 << 12, 1 << 18] {
        let outcome = try listed(text, options, piece: piece)
        #expect(outcome.rows.map(\.text) == ["a", "b"])
        #expect(outcome.account.audit.setAside == [verdict.rawValue: 1])
      }
    }
  }

  /// Paths and the keys they become; directories as find's %y tells them.
  @Test(arguments: [
    ("f /a/b", "a/b"), ("f a/b", "a/b"), ("f ./a/b", "a/b"), ("f //a", "/a"), ("f ../a", "../a"),
    ("f .a", ".a"), ("f .", nil), ("f /", nil), ("f ./", nil), ("d .", ""), ("d /", ""),
    ("d ./", ""), ("d /a", "a/"), ("d /a/", "a/"), ("d /a//", "a//"), ("d .a", ".a/"),
    ("f /a/", "a/"), ("d  ", " /"), ("d ", nil), ("f ", nil),
  ])
  func pathsBecomeKeys(line: String, key: String?) throws {
    #expect(try keys(line + "\n", options(.find, "%y %p")) == (key.map { [$0] } ?? []))
  }

  @Test func anEmptyRelativePathIsTheRoot() throws {
    #expect(try keys("d \nf \nf a\n", options(.find, "%y %P")) == ["", "a"])
    #expect(try keys("d \nf a\n", options(.find, "%y %P"), mount: "m/") == ["m/", "m/a"])
  }

  @Test func whatIsTakenOffEndsAtASlash() throws {
    let text = "d /a\nd /a/b\nf /a/b/c\nf /ab\nf /a\nf ./a/x\n"
    #expect(
      try keys(text, options(.find, "%y %p", strips: ["/a/"])) == ["", "b/", "b/c", "ab", "x"])
    #expect(
      try keys(text, options(.find, "%y %p", strips: ["/a", "a/b", "/"]))
        == ["", "", "c", "ab", "x"])
    let outcome = try listed(Array(text.utf8), options(.find, "%y %p", strips: ["/a"]))
    #expect(outcome.account.audit.remarks[FileAccount.unstrippedRemark] == 1)
  }

  @Test func choicesSeeTheKey() throws {
    var choice = RowChoice()
    choice.under = Array("m/a/".utf8)
    let text = "d /\nd /a\nf /a/b\nf /ab\n"
    #expect(
      try keys(text, options(.find, "%y %p"), choice: choice, mount: "m/") == ["m/a/", "m/a/b"])
  }

  @Test func orderAndWordsAreThoseOfTheFirstRow() throws {
    let lines = [
      "1 1 0 s=1 a=1 u=1 g=1 p=-rw- -- /a",
      "2 1 0 u=1 g=1 p=-rw- s=1 a=1 nl=5 -- /b",
      "[I] s=1",
      "<1> 3 1 0 p=-rw- a=1 s=1 g=1 u=1 -- /c",
      "4 1 0 s=1 a=1 u=1 g=1 -- p=-rw- -- /d",
      "5 1 0 s=1 a=1 u=1 g=1 x=y p=-rw- -- /e",
    ]
    let outcome = try listed(Array((lines.joined(separator: "\n") + "\n").utf8), options())
    #expect(outcome.rows.map(\.text) == ["a", "b", "c", "e"])
    #expect(!outcome.schema.has(.links) && outcome.schema.has(.fileHigh))
    #expect(outcome.account.audit.setAside == [RowVerdict.badKind.rawValue: 1])
  }

  /// Lines behind one that has a number in <>, and whether they are rows.
  @Test(arguments: [
    ("<1> 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", true),
    ("2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", true),
    ("[x 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", false),
    ("<1 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", false),
    ("<1 2> 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", false),
    ("9 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /b", false),
    ("<1> 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 s=2 p=- -- /b", false),
    ("<1> 2 1 0 s=1 a=1 u=1 g=1 m=F t=1 -- p=- -- /b", false),
  ])
  func linesAreJudgedByWhatTheySayNotByTheFirst(line: String, isRow: Bool) throws {
    let first = "<0> 1 1 0 s=1 a=1 u=1 g=1 m=F t=1 2 p=- -- /a\n"
    #expect(try keys(first + line + "\n", options()) == ["a"] + (isRow ? ["b"] : []))
    let other = "1 1 0 p=- s=1 a=1 u=1 g=1 -- /a\n"
    #expect(try keys(other + line + "\n", options()) == ["a"] + (isRow ? ["b"] : []))
  }

  /// A template, a line that it fits and that looks like a message, and the row that it is.
  @Test(arguments: [
    ("%*|%p", "[E] x|a", nil), ("%*|%p", "# x|a", nil), ("%*|%p", "[] x|a", "a"),
    ("%p", "[E] x|a", "[E] x|a"), ("[%*] %p", "[E] a", "a"), ("#%* %p", "#1 a", "a"),
    ("%*|%p\\0", "# x|a", "# x|a"),
  ])
  func messagesAreNoRecords(template: String, line: String, key: String?) throws {
    let isNul = template.hasSuffix("0")
    let found = try keys(line + (isNul ? "\0" : "\n"), options(.find, template))
    #expect(found == (key.map { [isNul ? "a" : $0] } ?? []))
  }

  @Test(arguments: [
    ("me", true), ("7", true), ("7up", true), ("-", true), ("-1", false), ("+5", false),
    ("4294967295", true), ("4294967296", false), ("99999999999999999999999", false), ("", false),
  ])
  func whatIsNoIDIsNoNameEither(name: String, isGood: Bool) throws {
    let outcome = try listed(Array("\(name) a\n".utf8), options(.find, "%u %p"))
    #expect(outcome.rows.count == (isGood ? 1 : 0))
    #expect(outcome.account.audit.setAside == (isGood ? [:] : [RowVerdict.badOwner.rawValue: 1]))
  }

  @Test(arguments: [
    ("0001-01-01+00:00:00", 0, true), ("0001-01-01+00:00:00", 1, false),
    ("9999-12-31+23:59:59", 1, true), ("9999-12-31+23:59:59", -1, false),
  ])
  func timesStayWithinYears(time: String, secondsEast: Int64, isGood: Bool) throws {
    var options = options(.find, "%A+ %p")
    options.clock = LocalClock(secondsEast: secondsEast)
    let outcome = try listed(Array("\(time) a\n".utf8), options)
    #expect(outcome.rows.count == (isGood ? 1 : 0))
    #expect(outcome.account.faultCount == (isGood ? 0 : 1))
  }

  @Test func findItselfMayHaveRelativePaths() throws {
    #expect(try keys("d 1 2 3 4 5 6 7 8 9 \0f 1 2 3 4 5 6 7 8 9 a\0", options()) == ["", "a"])
  }

  @Test func whatIsTakenOffIsDecodedFirst() throws {
    var choice = RowChoice()
    choice.hasEncodedKeys = true
    let text = "f /my%20dir/a%2fb\nf /my%20dir\nf /my%20dirs/c\nf /my dir%2Fd\nf /my%2\n"
    #expect(
      try keys(text, options(.find, "%y %p", strips: ["/my dir"]), choice: choice)
        == ["a/b", "my dirs/c", "d", "my%2"])
  }

  @Test(arguments: [("f a\r\nf b\r\nf c\n", 2), ("f a\nf b\r\n", nil)])
  func carriageReturnsAreSaid(text: String, count: UInt64?) throws {
    let outcome = try listed(Array(text.utf8), options(.find, "%y %p"))
    #expect(outcome.account.audit.remarks[FileAccount.carriageRemark] == count)
  }

  @Test func rowsThatSayMoreThanTheFirstAreSaid() throws {
    let line = "1 1 0 s=1 a=1 u=1 g=1 p=- -- /a\n"
    let more = "1 1 0 s=1 a=1 u=1 g=1 p=- nl=2 -- /a\n1 1 0 nl=1 x=1 s=1 a=1 u=1 g=1 p=- -- /a\n"
    let outcome = try listed(Array((line + more + line).utf8), options())
    #expect(outcome.rows.count == 4)
    #expect(outcome.account.audit.remarks[FileAccount.moreRemark] == 2)
  }

  @Test func zonesMoveTimesThatNameNone() throws {
    var options = options(.find, "%AF %AT %T@ %p")
    options.clock = LocalClock(secondsEast: 3600)
    let outcome = try listed(Array("1970-01-01 01:00:00.5 0 a\n".utf8), options)
    #expect(outcome.rows.map { [$0.values["accessed"], $0.values["modified"]] } == [["0", "0"]])
  }

  @Test(arguments: [
    ("1 1 0 s=1 -- /a\n", .gpfs), ("1 1 s=1 a=1 u=1 g=1 p=- -- /a\n", nil),
    ("1 1 0 s=1 a=1 u=1 g=1 p=- -- /a\n", SourceFormat.gpfs),
    ("\n[I] x\n[W] y\n# z\n<0> 1 1 0  s=1 a=1 -- /a\n", .gpfs),
    ("1 1 0 s=1 a=1 u=1 g=1 p=- -- a\n", nil), ("0x1:0x2:0x0 s=1 -- /a\n", .lustre),
    ("# x\n0x1:0x2:0x0 s=1 -- /a\n", .lustre), ("0x1:0x2 s=1 -- /a\n", nil),
    ("d 1 2 3 4 5 6 7 8 9 a\0", .find), ("d 1 2 3 4 5 6 7 8.5 -9.5 a\nb\0", .find),
    ("d 1 2 3 4 5 6 7 8 9 a\n", nil), ("x 1 2 3 4 5 6 7 8 9 a\0", nil), ("", nil), ("\n\n", nil),
  ])
  func formatsShow(text: String, format: SourceFormat?) {
    #expect(ScanSniffer.format(of: Array(text.utf8)[...]) == format)
  }
}
