import InvBytes
import InvFormat

extension BadStream {
  private static func block(
    _ name: String, _ fault: String, _ breaking: @escaping @Sendable (inout RawSections) -> Void
  ) -> BadStream {
    BadStream(name, of: "prefixes", fault) { breaking(&$0["B"].sections) }
  }

  static let prefixes: [BadStream] = [
    BadStream("prefix-words-order", of: "prefixes", "the words of dimension 1 do not rise") {
      $0["W"].payload = [1, 0, 0, 0, 0, 0, 0, 0] + word("b") + word("a") + word("c")
    },
    BadStream("prefix-words-dimension", of: "prefixes", "words for dimension 2, which has none") {
      $0["W"].payload[0] = 2
    },
    BadStream("prefix-words-late", of: "prefixes", "words among prefix rows") {
      $0.frames.swapAt($0.place("W"), $0.place("M"))
    },
    BadStream("prefix-source", of: "prefixes", "a source among prefix rows") {
      $0.frames.insert(RawStream.RawFrame("S", ""), at: 0)
    },
    block("prefix-number", "a block of 7 rows") { $0.number = 1 },
    BadStream("prefix-too-many-rows", of: "prefixes", "a block of 1025 rows") {
      $0["B"].rows = 1025
    },
    block("prefix-sections", "the block has 16 sections instead of 15") {
      $0.all.append(.integers([]))
    },
    block("cells-over", "the block has more cells than bytes") {
      $0[8] = [.max, .max, 0, 0, 0, 0, 0]
    },
    block("cells-count", "section 9 is not of 11 integers") { $0[8][1] += 1 },
    block("dimension-range", "dimension 2 has a value out of range") { $0[11][0] = 3 },
    block("dimension-word-range", "dimension 1 has a value out of range") { $0[10][0] = 3 },
    BadStream(
      "prefix-order", of: "prefixes", "row 2: prefix 'a b/' after 'a!/'"
    ) {
      // "a b/" and "a!/" change places.
      let bytes = Array("a!/ b/.b///b\n/".utf8)
      $0["B"].sections.all[2].bytes = bytes
      $0["B"].sections.all[2].count = UInt32(bytes.count)
      $0["B"].sections[0] = [0, 0, 1, 1, 1, 2, 3]
      $0["B"].sections[1] = [0, 3, 3, 3, 1, 1, 3]
    },
    block("prefix-equal", "row 1: prefix '' after ''") {
      $0[1][1] = 0
      $0[0][2] = 0
      $0[1][2] = 3
      $0.all[2].bytes = Array("a!/.b///b\n/".utf8)
      $0.all[2].count = 11
    },
    block("prefix-slash", "row 6: prefix 'a//b\\n' does not end in a slash") {
      $0[1][6] -= 1
      $0.all[2].bytes.removeLast()
      $0.all[2].count -= 1
    },
    block("prefix-inexact", "row 5: the prefix shares more bytes than it says") {
      $0[0][5] = 1
      $0[1][5] = 2
      $0.all[2].bytes = Array("a b/!/.b////b\n/".utf8)
      $0.all[2].count = UInt32($0.all[2].bytes.count)
    },
    BadStream("prefix-depth", of: "prefixes", "row 5: prefix 'a//' is deeper than 1") {
      $0.header.replace("max-depth: 4", with: "max-depth: 1")
    },
    BadStream("prefix-under", of: "prefixes", "row 0: prefix '' is not under 'a'") {
      $0.header.replace("max-depth: 4", with: "under: a")
    },
    block("cells-order", "row 0: the cells do not rise") { $0[12].swapAt(1, 2) },
    block("cells-equal", "row 0: the cells do not rise") { $0[12][2] = $0[12][1] },
    block("cell-no-objects", "row 0: a cell without objects") { $0[13][0] = 0 },
    block("totals-over", "row 4: the totals are over 2^64") { $0[13][6] = .max },
    block("time-half", "row 0: the oldest time is after the newest") { $0[4][0] = 0 },
    block("time-order", "row 0: the oldest time is after the newest") {
      ($0[4], $0[5]) = ($0[5], $0[4])
    },
    block("time-not-current", "row 1: times without a current object") {
      $0[4][1] = 5
      $0[5][1] = 5
    },
    BadStream("block-too-short", of: "prefixes", "the block before this one was cut too early") {
      $0.frames.insert($0["B"], at: $0.place("B"))
    },
    footer(
      "prefix-footer-rows", of: "prefixes", "the footer counts other rows than the 7 that came",
      "rows: 7", "rows: 8"),
    footer(
      "prefix-footer-cells", of: "prefixes", "the footer counts other rows than the 7 that came",
      "cells: 10", "cells: 9"),
    footer(
      "prefix-footer-objects", of: "prefixes", "the footer has other sums than the rows",
      "objects: 8", "objects: 9"),
    footer(
      "prefix-footer-bytes", of: "prefixes", "the footer has other sums than the rows",
      "bytes: 6150", "bytes: 0"),
    footer("prefix-footer-totals", of: "prefixes", "the footer has no totals", "bytes: 6150\n", ""),
    footer(
      "prefix-footer-unknown", of: "prefixes", "unknown line 'foo': made by a newer inv", "rows:",
      "foo: 1\nrows:"),
  ]

  private static func index(
    _ name: String, _ fault: String, _ breaking: @escaping @Sendable (inout RawSections) -> Void
  ) -> BadStream {
    BadStream(name, of: "prefixes", fault) { breaking(&$0["I"].sections) }
  }

  static let indexes: [BadStream] = [
    BadStream("index-offset", of: "prefixes", "the footer has the block index at another place") {
      $0.indexOffset = 64
    },
    BadStream("index-none", of: "prefixes", "the footer has the block index at another place") {
      $0.indexOffset = 0
    },
    BadStream("index-missing", of: "prefixes", "the footer has the block index at another place") {
      $0.frames.remove(at: $0.place("I"))
    },
    BadStream("index-in-front", of: "prefixes", "a block behind the block index") {
      $0.frames.swapAt($0.place("I"), $0.place("B"))
      $0["I"].sections[3] = [32]
    },
    BadStream("index-maker-behind", of: "prefixes", "a maker behind the block index") {
      $0.frames.insert($0["M"], at: $0.place("E"))
    },
    index("index-first", "the block index does not begin with the first block") { $0[4] = [1] },
    index("index-behind-itself", "the block index points behind itself") { $0[3] = [1 << 40] },
    index("index-block", "the block index is not of these blocks") { $0[3][0] -= 1 },
    index("index-key", "the block index is not of these blocks") {
      $0[1] = [2]
      $0.all[2].bytes = Array("a/".utf8)
      $0.all[2].count = 2
    },
    BadStream("index-order", of: "prefixes", "the entries of the block index do not rise") {
      let place = $0.place("I")
      $0.frames.insert($0.frames[place], at: place)
    },
    BadStream("index-entries", of: "prefixes", "an index frame of 2 entries") {
      $0["I"].sections.number = 1
      $0["I"].rows = 2
    },
  ]
}
