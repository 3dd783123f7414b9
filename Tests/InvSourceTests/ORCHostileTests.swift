import InvBytes
import InvCompress
import InvSystem
import Testing

@testable import InvSource

/// A file of ORC of which every part can be a lie.
struct MadeORC {
  struct Stream {
    var kind: UInt64
    var type: UInt64
    var bytes: [UInt8]
    var length: UInt64?
  }

  struct Stripe {
    var rows: UInt64
    var streams: [Stream] = []
    /// Of the root and each column: kind and size of the dictionary.
    var encodings: [(UInt64, UInt64)] = [(0, 0), (2, 0)]
    var offset: UInt64?
    var dataLength: UInt64?
    var footerLength: UInt64?
    var zone = ""
  }

  /// Of each column; the root is before them.
  var kinds: [UInt64] = [4]
  var root: [UInt8]?
  var stripes: [Stripe] = []
  var rows: UInt64?
  var codec: UInt64 = 0
  var blockSize: UInt64 = 1 << 16
  var footerLength: UInt64?
  var magic = "ORC"
  /// Frames the footers, as the codec wants.
  var frame: ([UInt8]) -> [UInt8] = { $0 }

  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
  }
  static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
    varint(field << 3) + varint(value)
  }
  static func bytes(_ field: UInt64, _ value: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(value.count)) + value
  }

  var file: [UInt8] {
    var file = Array("ORC".utf8)
    var footer: [UInt8] = []
    for stripe in stripes {
      let offset = UInt64(file.count)
      var last: [UInt8] = []
      for stream in stripe.streams {
        file += stream.bytes
        last += Self.bytes(
          1,
          Self.number(1, stream.kind) + Self.number(2, stream.type)
            + Self.number(3, stream.length ?? UInt64(stream.bytes.count)))
      }
      let length = UInt64(file.count) - offset
      for (kind, size) in stripe.encodings {
        last += Self.bytes(2, Self.number(1, kind) + Self.number(2, size))
      }
      last = frame(last + Self.bytes(3, Array(stripe.zone.utf8)))
      file += last
      footer += Self.bytes(
        3,
        Self.number(1, stripe.offset ?? offset) + Self.number(3, stripe.dataLength ?? length)
          + Self.number(4, stripe.footerLength ?? UInt64(last.count))
          + Self.number(5, stripe.rows))
    }
    let names = kinds.indices.flatMap { Self.bytes(3, Array("c\($0)".utf8)) }
    let children = kinds.indices.flatMap { Self.varint(UInt64($0 + 1)) }
    footer += Self.bytes(4, root ?? Self.number(1, 12) + Self.bytes(2, children) + names)
    for kind in kinds { footer += Self.bytes(4, Self.number(1, kind)) }
    footer += Self.number(6, rows ?? stripes.reduce(0) { $0 &+ $1.rows })
    footer = frame(footer)
    let script =
      Self.number(1, footerLength ?? UInt64(footer.count)) + Self.number(2, codec)
      + Self.number(3, blockSize) + Self.bytes(4, [0, 12]) + Self.bytes(8000, Array(magic.utf8))
    return file + footer + script + [UInt8(script.count)]
  }
}

/// Files made to harm: each a sentence, and little memory.
@Suite struct ORCHostileTests {
  static let ones = MadeORC.Stripe(
    rows: 5, streams: [.init(kind: 1, type: 1, bytes: [0x0a, 0x27, 0x10])])

  func sentence(_ made: MadeORC) throws -> String {
    switch try orcRows(made.file) {
    case .success(let rows): return "\(rows) rows"
    case .failure(let failure):
      #expect(failure.status == .data)
      let words = failure.sentence.split(separator: ": ", maxSplits: 2)
      #expect(words[0] == "file" && words[1].hasPrefix("byte "))
      return String(words[2])
    }
  }

  @Test func whatIsMadeIsRead() throws {
    #expect(try sentence(MadeORC(stripes: [Self.ones, Self.ones])) == "10 rows")
    #expect(try sentence(MadeORC(stripes: [])) == "0 rows")
    #expect(try sentence(MadeORC(stripes: [Self.ones], magic: "")) == "5 rows")
  }

  @Test func tails() throws {
    #expect(try sentence(MadeORC(stripes: [Self.ones], magic: "CRO")) == "postscript: no ORC in it")
    for length: UInt64 in [300, 1 << 20, .max] {
      let made = MadeORC(stripes: [Self.ones], footerLength: length)
      #expect(try sentence(made) == "footers longer than the file")
    }
    #expect(
      try sentence(MadeORC(stripes: [Self.ones], codec: 77)) == "compression 77 is not known")
    #expect(
      try sentence(MadeORC(stripes: [Self.ones], codec: 1, blockSize: 1 << 24))
        == "blocks of 16777216 bytes: more than 8388608")
    #expect(
      try sentence(MadeORC(stripes: [Self.ones], rows: 6))
        == "footer: stripes have 5 rows, the file 6")
    #expect(
      try sentence(MadeORC(stripes: [Self.ones, .init(rows: .max)], rows: 4))
        == "footer: stripes have more rows than the file, which has 4")
  }

  @Test func stripes() throws {
    var stripe = Self.ones
    stripe.offset = 3
    let twice = MadeORC(stripes: [Self.ones, stripe])
    #expect(try sentence(twice).hasPrefix("footer: a stripe at 3, not between "))
    for change in [\MadeORC.Stripe.dataLength, \.footerLength, \.offset] {
      for value: UInt64 in [1 << 20, .max, .max - 3] {
        stripe = Self.ones
        stripe[keyPath: change] = value
        #expect(try sentence(MadeORC(stripes: [stripe])).hasPrefix("footer: "))
      }
    }
    stripe = Self.ones
    stripe.streams[0].length = 99
    #expect(
      try sentence(MadeORC(stripes: [stripe])) == "streams go beyond the end of their stripe")
    stripe = Self.ones
    stripe.streams += [.init(kind: 6, type: 1, bytes: [], length: .max)]
    #expect(
      try sentence(MadeORC(stripes: [stripe])) == "streams go beyond the end of their stripe")
    stripe = Self.ones
    stripe.streams += stripe.streams
    #expect(try sentence(MadeORC(stripes: [stripe])) == "type 1 has two streams DATA")
    stripe = Self.ones
    stripe.encodings.removeLast()
    #expect(try sentence(MadeORC(stripes: [stripe])) == "1 encodings of 2 types")
    stripe = Self.ones
    stripe.encodings[1].0 = 9
    #expect(
      try sentence(MadeORC(stripes: [stripe])) == "column c0: an encoding that is not known")
    stripe = Self.ones
    stripe.streams.insert(.init(kind: 0, type: 0, bytes: [0xff, 0x0f]), at: 0)
    #expect(
      try sentence(MadeORC(stripes: [stripe])) == "rows that are null as a whole are not read")
  }

  static let name = MadeORC.bytes(3, [0x61])
  static let broken: [([UInt8], String)] = [
    (MadeORC.bytes(2, [1]), "footer: 1 columns with 0 names"),
    (MadeORC.bytes(2, [0]) + name, "footer: column a has type 0 of 2"),
    (MadeORC.bytes(2, [2]) + name, "footer: column a has type 2 of 2"),
    (MadeORC.bytes(2, [1, 1]) + name + name, "footer: column a has type 1 of 2"),
    ([0x12, 0x7f], "footer: a field ends too early"),
    ([0x07], "footer: a field without a number"),
    ([0x0a, 0x00], "footer: a field that should be a number is none"),
    ([0x23], "footer: a field of a kind that does not exist"),
    ([0xff], "footer: a number ends too early"),
    ([UInt8](repeating: 0xff, count: 11), "footer: a number of more than ten bytes"),
  ]

  @Test(arguments: broken)
  func trees(root: [UInt8], why: String) throws {
    let made = MadeORC(root: MadeORC.number(1, 12) + root, stripes: [Self.ones])
    #expect(try sentence(made) == why)
  }

  @Test func lists() throws {
    let children = [UInt8](repeating: 1, count: 70000)
    let made = MadeORC(root: MadeORC.number(1, 12) + MadeORC.bytes(2, children))
    #expect(try sentence(made) == "footer: a list of more than 65536")
  }

  /// A footer of a few hundred bytes that would decode to 40 MiB.
  @Test func bombs() throws {
    var compressor = try ZstdBlock.Compressor(level: 1)
    var block: [UInt8] = []
    compressor.compress([UInt8](repeating: 0, count: 8 << 20).span, into: &block)
    let made = MadeORC(stripes: [Self.ones], codec: 5, blockSize: 8 << 20) { _ in
      (0..<5).flatMap { _ in (0..<3).map { UInt8((block.count * 2) >> ($0 * 8) & 0xff) } + block }
    }
    let bombed = try sentence(made)
    #expect(bombed == "footer: it is too long")
    let tight = MadeORC(stripes: [Self.ones], codec: 5, blockSize: 8 << 10, frame: made.frame)
    #expect(try sentence(tight) == "footer: a block of more than 8192 bytes")
  }

  @Test func blocks() throws {
    for (header, why) in [
      ([0x00, 0x00], "footer: a block goes beyond the stream's end"),
      ([0x0c, 0x00, 0x00, 0x00], "footer: a block goes beyond the stream's end"),
      ([0xff, 0xff, 0xff], "footer: a block of 8388607 bytes, where 65536 are the most"),
      ([0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00], "footer: corrupt zstd data"),
    ] as [([UInt8], String)] {
      let made = MadeORC(stripes: [Self.ones], codec: 5) { _ in header }
      #expect(try sentence(made) == why)
    }
  }

  func words(_ size: UInt64, lengths: [UInt8], codes: [UInt8], text: [UInt8] = []) -> MadeORC {
    let encodings: [(UInt64, UInt64)] = [(0, 0), (3, size)]
    return MadeORC(
      kinds: [7],
      stripes: [
        .init(
          rows: 5,
          streams: [
            .init(kind: 1, type: 1, bytes: codes), .init(kind: 2, type: 1, bytes: lengths),
            .init(kind: 3, type: 1, bytes: text),
          ], encodings: encodings)
      ])
  }

  @Test func dictionaries() throws {
    let three: [UInt8] = [0x00, 0x01]
    let codes: [UInt8] = [0x02, 0x02]
    #expect(try sentence(words(3, lengths: three, codes: codes, text: [1, 2, 3])) == "5 rows")
    #expect(
      try sentence(words(3, lengths: three, codes: [0x02, 0x03], text: [1, 2, 3]))
        == "column c0, stream DATA: a word that its dictionary of 3 does not have")
    #expect(
      try sentence(words(1 << 40, lengths: three, codes: codes))
        == "column c0, stream LENGTH: a dictionary of 1099511627776 words, where 16777216 are the most"
    )
    #expect(
      try sentence(words(3, lengths: [0x20, 0x07, 0xff, 0xff, 0xff, 0xff], codes: codes))
        == "column c0, stream LENGTH: a dictionary of more than 134217728 bytes")
    #expect(
      try sentence(words(3, lengths: [0x10, 0x02, 0x00, 0x00], codes: codes, text: [1]))
        == "column c0, stream DICTIONARY_DATA: it ends 393215 bytes too early")
    #expect(
      try sentence(words(3, lengths: three, codes: codes, text: [1, 2, 3, 4]))
        == "column c0, stream DICTIONARY_DATA: more values than there are rows")
    #expect(
      try sentence(words(2, lengths: three, codes: codes, text: [1, 2]))
        == "column c0, stream LENGTH: more values than there are rows")
  }

  func text(_ lengths: [UInt8], _ text: [UInt8], rows: UInt64) -> MadeORC {
    MadeORC(
      kinds: [7],
      stripes: [
        .init(
          rows: rows,
          streams: [
            .init(kind: 1, type: 1, bytes: text), .init(kind: 2, type: 1, bytes: lengths),
          ])
      ])
  }

  @Test func texts() throws {
    #expect(
      try sentence(text([0x38, 0x7f] + [UInt8](repeating: 0xff, count: 7), [], rows: 3))
        == "column c0, stream LENGTH: a value of 9223372036854775807 bytes is too long")
    #expect(
      try sentence(text([0x18, 0x04, 0, 0, 0], [], rows: 3))
        == "column c0, stream DATA: it ends 67108864 bytes too early")
  }

  /// Rows whose text is long come a few at a time.
  @Test func longTextIsCut() throws {
    let made = text(
      [0x18, 0x00, 0xa0, 0x00, 0x00], [UInt8](repeating: 0x61, count: 30 << 20), rows: 3)
    let file = try ORCFile(memoryFile(made.file))
    let reader = try file.reader(part: 0, columns: [0])
    var vectors = [ColumnVector()]
    for rows in [1, 1, 1, 0] {
      #expect(try reader.next(&vectors, limit: 1000) == rows)
      #expect(vectors[0].count == rows)
      if rows == 1 { #expect(vectors[0].starts == [0, 10 << 20]) }
    }
  }

  @Test func times() throws {
    func made(_ seconds: [UInt8], _ parts: [UInt8], zone: String = "UTC") -> MadeORC {
      MadeORC(
        kinds: [9],
        stripes: [
          .init(
            rows: 3,
            streams: [
              .init(kind: 1, type: 1, bytes: seconds), .init(kind: 5, type: 1, bytes: parts),
            ], zone: zone)
        ])
    }
    #expect(try sentence(made([0, 0], [0, 0])) == "3 rows")
    #expect(
      try sentence(made([0, 0], [0, 0], zone: "Mars/Olympus"))
        == "column c0: times of zone 'Mars/Olympus', which is not known here")
    #expect(
      try sentence(made([0x38] + [UInt8](repeating: 0x70, count: 8), [0, 0]))
        == "column c0, stream DATA: a time out of range")
    #expect(
      try sentence(made([0, 0], [0x38] + [UInt8](repeating: 0x7f, count: 8)))
        == "column c0, stream SECONDARY: more nanoseconds than a second has")
  }

  @Test func dates() throws {
    let stripe = MadeORC.Stripe(
      rows: 3,
      streams: [.init(kind: 1, type: 1, bytes: [0x20, 0x7f, 0xff, 0xff, 0xff, 0xff])])
    #expect(
      try sentence(MadeORC(kinds: [15], stripes: [stripe]))
        == "column c0, stream DATA: a day out of range")
  }
}
