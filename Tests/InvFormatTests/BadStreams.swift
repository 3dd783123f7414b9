import InvBytes
import InvFormat

/// A stream that breaks one rule of inv-rows(5), and what a reader says of it.
struct BadStream: Sendable {
  let name: String
  /// The golden stream that is broken.
  let base: String
  /// The end of the sentence.
  let fault: String
  let breaking: @Sendable (inout RawStream) -> Void

  init(
    _ name: String, of base: String, _ fault: String,
    _ breaking: @escaping @Sendable (inout RawStream) -> Void
  ) {
    (self.name, self.base, self.fault, self.breaking) = (name, base, fault, breaking)
  }

  static let all = container + text + sections + files + objects + headers + prefixes + indexes

  /// One that has `old` replaced in its header, of which nothing but the footer is needed.
  static func header(
    _ name: String, of base: String, _ fault: String, _ old: String, _ new: String
  ) -> BadStream {
    BadStream(name, of: base, fault) {
      $0.header.replace(old, with: new, maxReplacements: 1)
      $0.keepFooter()
    }
  }

  /// One that has `old` replaced in its footer.
  static func footer(
    _ name: String, of base: String, _ fault: String, _ old: String, _ new: String
  ) -> BadStream {
    BadStream(name, of: base, fault) { $0.footer.replace(old, with: new, maxReplacements: 1) }
  }

  private static func preamble(
    _ name: String, _ fault: String, _ breaking: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> BadStream {
    BadStream(name, of: "objects-empty", fault) { $0.finish = breaking }
  }

  private static let newer = "made by a newer inv"

  private static let container: [BadStream] = [
    preamble("magic", "it starts with other bytes") { $0[0] = 0 },
    preamble("version", "rows of version 2, \(newer)") { $0[8] = 2 },
    preamble("preamble-reserved", "reserved bytes are not zero: \(newer)") { $0[10] = 1 },
    preamble("preamble-reserved-end", "reserved bytes are not zero: \(newer)") { $0[31] = 1 },
    preamble("header-length", "header length 1048577 is over the limit") {
      $0.put(UInt32(1_048_577), at: 12)
    },
    preamble("header-checksum", "the header's checksum does not match") { $0[33] ^= 1 },
    BadStream("frame-checksum", of: "objects", "the frame's checksum does not match") {
      $0.finish = { $0[$0.count - 1] ^= 1 }
    },
    BadStream("frame-type", of: "objects", "unknown frame type 90") { $0["M"].type = 90 },
    BadStream("frame-codec", of: "objects", "unknown codec 2") { $0["B"].codec = 2 },
    BadStream("frame-reserved", of: "objects", "reserved bytes are not zero: \(newer)") {
      $0["B"].reserved = 256
    },
    BadStream("frame-rows", of: "objects", "a source with a count of rows") { $0["S"].rows = 1 },
    BadStream("frame-length", of: "objects", "frame length 67108865 is over the limit") {
      $0["B"].decodedLength = 67_108_865
    },
    BadStream("frame-plain-length", of: "objects", "the decoded length of a plain frame differs") {
      $0["B"].decodedLength = 7
    },
    BadStream("frame-compressed", of: "objects", "a footer, compressed: only blocks may be") {
      $0["E"].codec = 1
    },
    BadStream("zstd-garbage", of: "compressed", "not a whole zstd frame") {
      $0["B"].payload[0] ^= 0xff
    },
    BadStream("zstd-too-short", of: "compressed", "a block shorter than it says") {
      $0["B"].decodedLength = ($0["B"].decodedLength ?? 0) + 1
    },
    BadStream("zstd-too-long", of: "compressed", "a block longer than it says") {
      $0["B"].decodedLength = ($0["B"].decodedLength ?? 0) - 1
    },
    BadStream("no-footer", of: "objects", "without a footer: its writer died") {
      $0.frames.removeLast()
    },
    BadStream("bytes-behind", of: "objects", "there are bytes after the footer") {
      $0.frames.append($0["E"])
    },
    BadStream("footer-short", of: "objects", "the footer is too short") {
      $0["E"].payload = [1, 2, 3]
      $0.hasFooterOffsets = false
    },
    BadStream("footer-offset", of: "objects", "the footer says it is at another place") {
      $0.footerOffset = 7
    },
    BadStream("index-behind-footer", of: "prefixes", "the block index lies behind the footer") {
      $0.indexOffset = .max
    },
    BadStream("failure", of: "objects", "ends with a failure of inv-parse: no disk") {
      $0["E"] = RawStream.RawFrame("X", "tool: inv-parse\nmessage: no disk\nstatus: 0\n")
    },
    BadStream("progress-number", of: "objects", "a progress frame without its numbers") {
      $0["P"].text = "done: 1\n"
    },
  ]

  private static let text: [BadStream] = [
    header("text-no-end", of: "objects", "a line of text has no end", "encryption\tword\n", ""),
    header("text-no-name", of: "objects", "a line of text has no name", "column", "Column"),
    header("text-no-blank", of: "objects", "a line of text has no name", ": ", ":"),
    header("text-control", of: "objects", "a bare control byte", "class", "cl\u{1}ass"),
    header("text-backslash", of: "objects", "a backslash that escapes nothing", "class", "cl\\ass"),
    header("text-hex", of: "objects", "\\x without two hexadecimal digits", "class", "\\xg1"),
    header(
      "text-needless-escape", of: "objects", "text with an escape where none is due", "class",
      "cl\\x61ss"),
    header(
      "text-unknown-line", of: "objects", "unknown line 'foo': \(newer)", "kind: objects\n",
      "kind: objects\nfoo: 1\n"),
    header(
      "text-line-twice", of: "objects", "line 'kind' is there twice", "kind: objects\n",
      "kind: objects\nkind: objects\n"),
    header("text-kind", of: "objects", "unknown kind of rows: \(newer)", "objects", "index"),
    header("text-sign", of: "files", "'files' is not a number", "files: 3", "files: +3"),
    header("text-zero-in-front", of: "files", "'files' is not a number", "files: 3", "files: 03"),
    header(
      "text-number-over", of: "files", "'files' is not a number", "files: 3",
      "files: 18446744073709551616"),
    footer(
      "footer-unknown-line", of: "objects", "unknown line 'foo': \(newer)", "rows:", "foo: 1\nrows:"
    ),
    footer(
      "footer-no-read", of: "objects", "the footer does not say how many rows were read",
      "read: 11\n", ""),
    footer(
      "footer-balance", of: "objects", "rows read are not rows counted, set aside and left out",
      "read: 11", "read: 12"),
    footer(
      "footer-balance-over", of: "objects",
      "rows read are not rows counted, set aside and left out", "excluded\t3",
      "excluded\t18446744073709551615"),
    footer(
      "footer-reason", of: "objects", "a 'left-out' line is not a reason and a count",
      "excluded\t3", "excluded"),
    footer(
      "footer-reason-twice", of: "objects", "a 'left-out' line is not a reason and a count",
      "left-out: excluded\t3\n", "left-out: excluded\t1\nleft-out: excluded\t2\n"),
    footer(
      "footer-example", of: "objects", "an 'example' line is not reason, file, row and byte",
      "\t7\t812", "\t7"),
  ]

  private static let sections: [BadStream] = [
    BadStream("sections-count", of: "objects", "sections do not fit in the block") {
      $0["B"].sections.count = 1 << 30
    },
    BadStream("sections-short", of: "objects", "the block ends too early") {
      $0["B"].payload = [1, 0, 0]
    },
    BadStream("section-sort", of: "objects", "unknown section: \(newer)") {
      $0["B"].sections.all[3].sort = 2
    },
    BadStream("section-width", of: "objects", "unknown section: \(newer)") {
      $0["B"].sections.all[3].width = 9
    },
    BadStream("section-reserved", of: "objects", "unknown section: \(newer)") {
      $0["B"].sections.all[3].reserved = 1
    },
    BadStream("section-base", of: "objects", "unknown section: \(newer)") {
      $0["B"].sections.all[2].base = 1
    },
    BadStream("section-length", of: "objects", "does not fit in the block") {
      $0["B"].sections.all[2].count = 1 << 31
    },
    BadStream("sections-gap", of: "objects", "the sections do not fill the block") {
      $0["B"].sections.tail = [UInt8](repeating: 0, count: 9)
    },
    BadStream("sections-tail", of: "objects", "the sections do not fill the block") {
      $0["B"].sections.tail[7] = 1
    },
    BadStream("section-values", of: "objects", "section 5 is not of 2 integers") {
      $0["B"].sections.all[5] = .integers([1])
    },
    BadStream("section-not-bytes", of: "objects", "section 2 is not of bytes") {
      $0["B"].sections.all[2] = .integers([1])
    },
    BadStream("keys-first-shares", of: "objects", "key 0 shares more than the key before has") {
      $0["B"].sections[0] = [1, 1]
    },
    BadStream("keys-share-too-much", of: "objects", "key 1 shares more than the key before has") {
      $0["B"].sections[0] = [0, 2]
    },
    BadStream("keys-too-long", of: "objects", "key 0 is longer than 65536 bytes") {
      $0["B"].sections[1] = [65_537, 0]
    },
    BadStream("keys-sum", of: "objects", "the keys' lengths do not add up to their bytes") {
      $0["B"].sections[1] = [2, 0]
    },
    BadStream("keys-empty", of: "objects", "row 0: the key is empty, and it is no directory") {
      var sections = $0["B"].sections
      (sections[0], sections[1]) = ([0, 0], [0, 0])
      sections.all[2].count = 0
      sections.all[2].bytes = []
      $0["B"].sections = sections
    },
    BadStream("keys-inexact", of: "objects", "row 1: the key shares more bytes than it says") {
      var sections = $0["B"].sections
      (sections[0], sections[1]) = ([0, 0], [1, 1])
      sections.all[2].count = 2
      sections.all[2].bytes = [0x61, 0x61]
      $0["B"].sections = sections
    },
    BadStream("words-none", of: "objects", "a frame of 0 words") { $0["W"].rows = 0 },
    BadStream("words-too-many", of: "objects", "a frame of 4097 words") { $0["W"].rows = 4097 },
    BadStream("words-column", of: "objects", "words for column 1, which has none") {
      $0["W"].payload[0] = 1
    },
    BadStream("words-column-over", of: "objects", "words for column 255, which has none") {
      $0["W"].payload[0] = 255
    },
    BadStream("words-gap", of: "objects", "word 1 does not follow") { $0["W"].payload[4] = 1 },
    BadStream("words-length", of: "objects", "a word of 65544 bytes") { $0["W"].payload[10] = 1 },
    BadStream("words-cut", of: "objects", "a word ends too early") { $0["W"].rows = 3 },
    BadStream("words-behind", of: "objects", "bytes after the last word") { $0["W"].rows = 1 },
    BadStream("words-twice", of: "objects", "word 'STANDARD' is there twice") {
      $0["W"].payload = [5, 0, 0, 0, 0, 0, 0, 0] + word("STANDARD") + word("STANDARD")
    },
  ]

  static func word(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(text.utf8.count))
    return bytes + text.utf8
  }
}
