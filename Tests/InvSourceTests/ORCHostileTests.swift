import InvBytes
import InvCompress
import InvSystem
import Testing

@testable import InvSource

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
      try sentence(text([0x18, 0x01, 0, 0, 0], [], rows: 3))
        == "column c0, stream DATA: it ends 16777216 bytes too early")
    #expect(
      try sentence(text([0x18, 0x01, 0, 0, 1], [], rows: 3))
        == "column c0, stream LENGTH: a value of 16777217 bytes is too long")
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
