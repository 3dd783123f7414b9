import InvBytes
import InvText
import TestSupport
import Testing

/// The meaning of a pattern by plain recursion, for short patterns without classes of more than
/// single bytes.
private func naive(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
  guard let first = pattern.first else { return name.isEmpty }
  let rest = pattern.dropFirst()
  switch first {
  case UInt8(ascii: "*"):
    let isDeep = rest.first == UInt8(ascii: "*")
    let after = isDeep ? rest.drop { $0 == UInt8(ascii: "*") } : rest
    if naive(after, name) { return true }
    guard let byte = name.first, isDeep || byte != UInt8(ascii: "/") else { return false }
    return naive(pattern, name.dropFirst())
  case UInt8(ascii: "?"):
    guard let byte = name.first, byte != UInt8(ascii: "/") else { return false }
    return naive(rest, name.dropFirst())
  case UInt8(ascii: "["):
    // "[!x]" or "[x]".
    let isNegated = rest.first == UInt8(ascii: "!")
    let body = isNegated ? rest.dropFirst() : rest
    guard let byte = name.first, byte != UInt8(ascii: "/"), (byte == body.first) != isNegated else {
      return false
    }
    return naive(body.dropFirst(2), name.dropFirst())
  case UInt8(ascii: "\\"):
    guard let byte = name.first, byte == rest.first else { return false }
    return naive(rest.dropFirst(), name.dropFirst())
  default:
    guard name.first == first else { return false }
    return naive(rest, name.dropFirst())
  }
}

@Suite struct GlobTests {
  func matches(_ pattern: String, _ name: String) throws -> Bool {
    try Glob(Array(pattern.utf8)).matches(Array(name.utf8))
  }

  @Test(arguments: [
    // A pattern without a slash: the last component.
    ("*.log", "x.log", true), ("*.log", "a/b/x.log", true), ("*.log", "a.log/b", false),
    ("*.log", "a/b.log/", true), ("b", "a/b/", true), ("b", "b/a", false), ("*", "", true),
    ("*", "a/", true), ("?", "a//", false), ("*", "a//", true), (".log", "x.log", false),
    // With one: the whole name.
    ("a/*.log", "a/x.log", true), ("a/*.log", "b/a/x.log", false), ("a/*.log", "a/b/x.log", false),
    ("a/**.log", "a/b/x.log", true), ("**/x", "a/b/x", true), ("**/x", "x", false),
    ("a/**/b", "a/b", false), ("a/**/b", "a/x/y/b", true), ("a/", "a/", true), ("a/", "a", false),
    ("a/*", "a/", true), ("/a", "/a", true), ("/a", "a", false), ("a\\/b", "a/b", true),
    // Classes and escapes.
    ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true),
    ("[!a-c]x", "ax", false), ("a[!b]c/", "a/c/", false), ("[a-]", "-", true), ("[-a]", "-", true),
    ("[\\]]", "]", true), ("[\\-a]", "-", true), ("[a!]", "!", true), ("\\*", "*", true),
    ("\\*", "x", false), ("[*]", "*", true), ("a?c", "abc", true), ("a?c/", "a/c/", false),
    ("***", "abc", true), ("a***/b", "axx/b", true), ("]", "]", true), ("é", "é", true),
    ("??", "é", true),
  ])
  func matching(_ pattern: String, _ name: String, _ expected: Bool) throws {
    #expect(try matches(pattern, name) == expected)
  }

  @Test(arguments: [
    ("", 0, "an empty pattern"), ("a\\", 1, "a backslash that escapes nothing"),
    ("x[ab", 1, "a class without ]"), ("x[", 1, "a class without ]"),
    ("[!", 0, "a class without ]"),
    ("[]", 0, "an empty class"), ("a[!]", 1, "an empty class"),
    ("[z-a]", 1, "a range that runs backwards"), ("[a/]", 2, "a / in a class"),
    ("[a-/]", 1, "a range that runs backwards"), ("[!-/]", 2, "an odd one"),
    ("[a\\", 2, "a backslash that escapes nothing"), ("[a-\\", 3, "an odd one"),
  ])
  func brokenPatterns(_ pattern: String, at: UInt64, what: String) {
    let error = #expect(throws: FormatError.self) { try Glob(Array(pattern.utf8)) }
    if what != "an odd one" { #expect(error == FormatError(what, at: at)) }
  }

  @Test func equalsTheNaiveMatcher() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let parts = ["a", "b", "/", "*", "**", "?", "[a]", "[!a]", "\\*", "*", "a"].map {
      Array($0.utf8)
    }
    let letters = Array("aab/*".utf8)
    var hits = 0
    for _ in 0..<30_000 {
      var pattern = Array("/".utf8)
      for _ in 0..<Int.random(in: 0...7, using: &generator) {
        pattern += parts[Int.random(in: 0..<parts.count, using: &generator)]
      }
      let glob = try Glob(pattern)
      // More than 63 tokens take the other road: sixty bytes that match themselves change nothing.
      let prefix = [UInt8](repeating: 0x78, count: .random(in: 50...140, using: &generator))
      let long = try Glob(prefix + pattern)
      for _ in 0..<4 {
        let name =
          Array("/".utf8)
          + (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            letters[Int.random(in: 0..<letters.count, using: &generator)]
          }
        let expected = naive(pattern[...], name[...])
        #expect(glob.matches(name) == expected, "seed \(seed)")
        #expect(long.matches(prefix + name) == expected, "seed \(seed)")
        hits += expected ? 1 : 0
      }
    }
    #expect(hits > 5000)
  }

  @Test func noPatternTakesForever() throws {
    let stars = String(repeating: "*a", count: 200) + "*b/**"
    let name = [UInt8](repeating: 0x61, count: 20_000)
    #expect(!(try Glob(Array(stars.utf8)).matches(name)))
    let deep = String(repeating: "**a*/", count: 12) + "b"
    let folders = Array(String(repeating: "aaa/", count: 5000).utf8)
    #expect(!(try Glob(Array(deep.utf8)).matches(folders)))
  }

  /// Without case a letter is both, in classes too; other bytes are as they are.
  @Test(
    arguments: [
      ("*.TmP", "a/b.tMp", true), ("[a-c]x", "BX", true), ("[!a-c]x", "Bx", false),
      ("[!a-c]x", "Dx", true), ("[B]", "b", true), ("@[`{", "@[`{", false), ("\\@", "`", false),
      ("\\A", "a", true), ("é", "É", false), ("k", "\u{212a}", false), ("a/**/Z", "A/q/R/z", true),
      ("[X-b]", "y", true), ("[X-b]", "C", false),
    ])
  func ignoresCase(pattern: String, name: String, isMatch: Bool) throws {
    guard let glob = try? Glob(Array(pattern.utf8), ignoresCase: true) else {
      #expect(!isMatch)
      return
    }
    #expect(glob.matches(Array(name.utf8)) == isMatch)
    // What a pattern matches with case it matches without.
    let strict = try Glob(Array(pattern.utf8))
    #expect(!strict.matches(Array(name.utf8)) || isMatch || pattern.contains("!"))
  }
}
