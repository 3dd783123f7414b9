import InvFormat
import InvText
import TestSupport
import Testing

@testable import InvSource

@Suite struct KeyDecoderTests {
  /// Keys that share much with each other, whole, cut or spelt in another way.
  func keys(_ dice: inout SeededGenerator) -> [[UInt8]] {
    let pieces = [
      "a", "b", "/", "+", "%20", "%2B", "%41", "%2F", "%", "%4", "%zz", "%D0%BE", "%d0%b1",
      "a-long-name-of-twenty-bytes", "=", "%3D", "%3d", "%%41",
    ]
    var keys: [[UInt8]] = []
    var words: [String] = []
    for _ in 0..<60 {
      words.removeLast(Int.random(in: 0...words.count, using: &dice))
      for _ in 0..<Int.random(in: 0...6, using: &dice) {
        words.append(pieces.randomElement(using: &dice) ?? "")
      }
      keys.append(Array(words.joined().utf8))
    }
    return keys
  }

  @Test func decodesAsWholeKeysAre() throws {
    for raw in [false, true] {
      let seed = UInt64.random(in: 0 ... .max)
      var dice = SeededGenerator(seed)
      for _ in 0..<100 {
        var text = Array("Key\n".utf8)
        var expected: [[UInt8]] = []
        var malformed: UInt64 = 0
        for key in keys(&dice) {
          text += [quote] + key + [quote, newline]
          if key.isEmpty { continue }
          let decoded = PercentCoding.decoded(key)
          expected.append(raw ? key : decoded.bytes)
          if decoded.malformed > 0 && !raw { malformed += 1 }
        }
        var choice = RowChoice()
        choice.hasEncodedKeys = !raw
        let found = try rows(
          Array(text.dropFirst(4)), schema: "Key", choice: choice, mount: Array("m/".utf8),
          patience: .endless)
        #expect(found.rows.map(\.key) == expected.map { Array("m/".utf8) + $0 }, "seed \(seed)")
        #expect(found.account.malformedKeys == malformed, "seed \(seed)")
      }
    }
  }

  @Test func aPlainKeyThatIsDroppedLeavesNoTrace() throws {
    let long = "a/" + String(repeating: "x", count: 65_535)
    let text = "a/%41b\na/%41\0\na/%41bc\n\(long)\na/\0\na/%4\na/%41\n"
    var choice = RowChoice()
    choice.hasEncodedKeys = false
    let found = try rows(
      Array(text.utf8), schema: "Key", choice: choice, mount: Array("m/".utf8), patience: .endless)
    #expect(found.rows.map(\.text) == ["m/a/%41b", "m/a/%41bc", "m/a/%4", "m/a/%41"])
    #expect(found.account.faultCount == 3)
  }

  @Test func aKeyThatIsDroppedLeavesNoTrace() throws {
    let text = "a/%41b\na/%41%00\na/%41bc\na/%42\na/%4\na/%00\na/%41\n"
    let found = try rows(Array(text.utf8), schema: "Key", patience: .endless)
    #expect(found.rows.map(\.text) == ["a/Ab", "a/Abc", "a/B", "a/%4", "a/A"])
    #expect(found.account.faultCount == 2)
    #expect(found.account.malformedKeys == 1)
  }

  @Test func rowsThatAreLeftOut() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    var choice = RowChoice()
    choice.under = Array("a".utf8)
    choice.excluded = [try Glob(Array("**b**/**".utf8))]
    for _ in 0..<100 {
      let keys = keys(&dice)
      let text = keys.flatMap { [quote] + $0 + [quote, newline] }
      let wanted = keys.map { PercentCoding.decoded($0).bytes }.filter {
        $0.first == 0x61 && !choice.excluded[0].matches($0)
      }
      let found = try rows(text, schema: "Key", choice: choice, patience: .endless)
      #expect(found.rows.map(\.key) == wanted, "seed \(seed)")
    }
  }

  @Test func keysOfEveryLength() throws {
    let limit = Container.keyLimit
    let long = String(repeating: "k", count: limit)
    let escaped = String(repeating: "%6B", count: limit)
    let text = [long, long + "k", escaped, escaped + "%6B", escaped + "kk", long, "x"]
    let found = try rows(
      Array(text.joined(separator: "\n").utf8), schema: "Key", patience: .endless)
    #expect(found.rows.map(\.text) == [long, long, long, "x"])
    #expect(found.account.faultCount == 3)
    #expect(found.account.faultCount == found.account.audit.setAside[RowVerdict.longKey.rawValue])
  }
}
