import InvSource
import InvSystem
import TestSupport
import Testing

/// Files that follow the rules in ways that few writers do, and files that break them.
@Suite struct ParquetSyntheticTests {
  typealias Page = SampleParquet.Page

  private func rows(_ sample: SampleParquet) throws -> [String] {
    Array(
      try lines(ParquetFile(seekable(sample.bytes), memory: TableMemory(each: 4 << 20))).dropFirst()
    )
  }

  /// What is said of a file that breaks the rules, without its name.
  private func fault(_ sample: SampleParquet) throws -> String { try fault(sample.bytes) }

  private func fault(_ bytes: [UInt8]) throws -> String {
    do {
      let lines = try lines(ParquetFile(seekable(bytes), memory: TableMemory(each: 4 << 20)))
      return "no fault, but \(lines.count - 1) rows"
    } catch let failure as Failure {
      #expect(failure.status == .data)
      return String(failure.sentence.dropFirst("t.parquet: ".count))
    }
  }

  private static let ab = Page(values: 2, body: SampleParquet.plain(["a", "b"]))
  private static let dictionary = Page(type: 2, values: 2, body: SampleParquet.plain(["a", "b"]))
  /// Codes 1, 0, 1 of one bit each.
  private static let codes = Page(values: 3, encoding: 8, body: [1, 3, 0b101])

  @Test func levelsInBits() throws {
    var sample = SampleParquet(type: 1, repetition: 1, rows: 10)
    let integers: [UInt8] = [1, 2, 3].flatMap { [UInt8($0), 0, 0, 0] }
    // The highest bit comes first.
    sample.pages = [Page(values: 10, levels: 4, body: [0b0100_0010, 0b0100_0000] + integers)]
    #expect(
      try rows(sample) == ["\\N", "1", "\\N", "\\N", "\\N", "\\N", "2", "\\N", "\\N", "3"])
  }

  @Test func indexPagesAreSkipped() throws {
    var sample = SampleParquet(pages: [Self.ab, Page(type: 1, body: [1, 2, 3]), Self.ab], rows: 4)
    #expect(try rows(sample) == ["a", "b", "a", "b"])
    sample.pages[1].body = [UInt8](repeating: 1, count: 300_000)
    #expect(try rows(sample) == ["a", "b", "a", "b"])
    sample.pages.insert(Page(values: 0), at: 1)
    #expect(try rows(sample) == ["a", "b", "a", "b"])
  }

  @Test func placesOfDictionaries() throws {
    var sample = SampleParquet(pages: [Self.dictionary, Self.codes], rows: 3)
    let data = Int64(Self.dictionary.bytes.count)
    for (dictionary, data) in [(nil, 0), (0, 0), (4, data), (4, 0), (4 + data, 0)]
      as [(Int64?, Int64)]
    {
      (sample.dictionaryOffset, sample.dataOffset) = (dictionary, data)
      #expect(try rows(sample) == ["b", "a", "b"])
    }
  }

  @Test func aTypeOfNullsNeedsNoDictionary() throws {
    var sample = SampleParquet(repetition: 1, rows: 3)
    sample.pages = [Page(values: 3, encoding: 8, body: [2, 0, 0, 0, 6, 0])]
    #expect(try rows(sample) == ["\\N", "\\N", "\\N"])
    sample.pages[0].body.append(1)
    #expect(try rows(sample) == ["\\N", "\\N", "\\N"])
  }

  @Test func headersMayBeLong() throws {
    // Statistics of long values stand between what is read of the header.
    let detail = ThriftWriter.structure { detail in
      detail.add(1, 2)
      detail.add(2, 0)
      detail.add(3, 3)
      detail.add(4, 3)
      detail.add(5, ThriftWriter.structure { $0.add(1, String(repeating: "x", count: 200_000)) })
    }
    let body = SampleParquet.plain(["a", "b"])
    let page =
      ThriftWriter.structure { header in
        header.add(1, 0)
        header.add(2, Int64(body.count))
        header.add(3, Int64(body.count))
        header.add(5, detail)
      } + body
    let sample = SampleParquet(pages: [Page(type: 1), Page(type: 1)], rows: 2)
    let plain = sample.bytes
    var bytes = Array(plain[..<4]) + page
    // Only the length of the chunk changes.
    var longer = sample
    longer.length = Int64(page.count)
    bytes += longer.bytes[(4 + 2 * Page(type: 1).bytes.count)...]
    #expect(try lines(ParquetFile(seekable(bytes))) == ["key:bytes", "a", "b"])
  }

  /// Texts that share long beginnings come in batches of bounded size.
  @Test func frontCodedBomb() throws {
    let count = 200
    let first = [UInt8](repeating: 0x78, count: 1 << 20)
    let shared =
      ThriftWriter.varint(128) + [1] + ThriftWriter.varint(UInt64(count)) + [0]
      // The second is 1 MiB more than the first, and no other more than the one before.
      + ThriftWriter.zigzag(0) + [21] + [0, 0, 16] + [UInt8](repeating: 0, count: 333)
      + [UInt8](repeating: 0, count: 2 * ((count - 2) / 128))
    let more =
      ThriftWriter.varint(128) + [1] + ThriftWriter.varint(UInt64(count))
      + ThriftWriter.zigzag(1 << 20)
      // The second is 1 MiB less than the first.
      + ThriftWriter.zigzag(-1 << 20) + [21] + [0, 0, 0]
      + Self.packed(Array(repeating: 1 << 20, count: 127), width: 21, after: 24)
      + [UInt8](repeating: 0, count: 2 * ((count - 2) / 128))
    let bomb = Page(values: Int64(count), encoding: 7, body: shared + more + first)
    let sample = SampleParquet(pages: [bomb], rows: Int64(count))
    let file = try ParquetFile(seekable(sample.bytes), memory: TableMemory(each: 4 << 20))
    let reader = try file.reader(part: 0, columns: [0])
    var vectors = [ColumnVector()]
    var rows = 0
    while case let some = try reader.next(&vectors, limit: 4096), some > 0 {
      #expect(some <= 4)
      #expect(vectors[0].starts == (0...UInt32(some)).map { $0 << 20 })
      rows += some
    }
    #expect(rows == count)
  }

  /// `values` of `width` bits, the lowest first, in whole bytes, without the first bits.
  private static func packed(_ values: [UInt64], width: Int, after skipped: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ((values.count + 1) * width + 7) / 8)
    for (place, value) in values.enumerated() {
      for bit in 0..<width where value >> UInt64(bit) & 1 != 0 {
        let at = (place + 1) * width + bit
        bytes[at / 8] |= 1 << UInt8(at % 8)
      }
    }
    return Array(bytes[(skipped / 8)...])
  }

  @Test func whatIsNotUnderstoodHasAName() throws {
    let fine = SampleParquet(pages: [Self.ab], rows: 2)
    var sample = fine
    sample.pages[0].encoding = 17
    #expect(try fault(sample) == "byte 4: column 'key': page of encoding 17 is not understood")
    sample.pages[0].encoding = 9
    #expect(try fault(sample).contains("page of encoding 9 for type text is not understood"))
    sample = fine
    sample.pages[0].type = 9
    #expect(try fault(sample) == "byte 4: column 'key': page of type 9 is not understood")
    sample = fine
    sample.pages[0].levels = 5
    sample.repetition = 1
    #expect(try fault(sample).contains("definition levels of encoding 5 are not understood"))
    for (codec, name) in [(3, "LZO compression"), (8, "compression 8")] as [(Int64, String)] {
      sample = fine
      sample.codec = codec
      #expect(try fault(sample) == "byte 4: column 'key': \(name) is not understood")
    }
    sample = fine
    sample.flaw = { $0.add(8, [0]) }
    #expect(try fault(sample) == "byte 4: column 'key': encryption is not understood")
    sample.flaw = { $0.add(1, "other.parquet") }
    #expect(try fault(sample).contains("data in another file is not understood"))
    var bytes = fine.bytes
    bytes.replaceSubrange((bytes.count - 4)..., with: Array("PARE".utf8))
    #expect(try fault(bytes) == "byte 0: the file is encrypted, which is not understood")
  }

  /// Neither more nor fewer rows than promised, nor others.
  @Test func countsMustAgree() throws {
    let fine = SampleParquet(pages: [Self.ab, Self.ab], rows: 4)
    #expect(try rows(fine) == ["a", "b", "a", "b"])
    func broken(_ change: (inout SampleParquet) -> Void) throws -> String {
      var sample = fine
      change(&sample)
      return try fault(sample)
    }
    #expect(try broken { $0.rows = 5 }.contains("1 rows are missing"))
    #expect(try broken { $0.rows = 3 }.contains("2 values where 1 are left"))
    #expect(try broken { $0.groupRows = 5 }.contains("a column of 4 values in a row group of 5"))
    #expect(try broken { $0.values = 5 }.contains("a column of 5 values in a row group of 4"))
    #expect(try broken { $0.pages[1].values = 3 }.contains("3 values where 2 are left"))
    #expect(try broken { $0.pages[1].values = -1 }.contains("a number of values of -1"))
    #expect(try broken { $0.pages[0].body.removeLast() }.contains("ends too early"))
    #expect(try broken { $0.pages[0].body[0] = 200 }.contains("ends too early"))
    #expect(try broken { $0.pages[0].body[3] = 0xff }.contains("ends too early"))
    #expect(try broken { $0.pages[0].stored = 1 << 30 }.contains("bytes where"))
    #expect(try broken { $0.pages[0].decoded = 1 << 30 }.contains("more than the 4194304"))
    #expect(try broken { $0.pages[0].decoded = -5 }.contains("a page length of -5"))
    #expect(try broken { $0.pages[0].decoded = 100 }.contains("said to have 100"))
    #expect(try broken { $0.length = 1 << 40 }.contains("a column of 1099511627776 bytes"))
    #expect(try broken { $0.length = .min }.contains("a column of"))
    #expect(try broken { $0.dataOffset = .max - 4 }.contains("a column of"))
    #expect(try broken { $0.dataOffset = -100 }.contains("at byte -96"))
  }

  @Test func dictionariesMustFit() throws {
    let fine = SampleParquet(pages: [Self.dictionary, Self.codes], rows: 3)
    func broken(_ change: (inout SampleParquet) -> Void) throws -> String {
      var sample = fine
      change(&sample)
      return try fault(sample)
    }
    #expect(try broken { $0.pages[0].values = 1 }.contains("word 1 of a dictionary of 1"))
    #expect(try broken { $0.pages[0].values = 3 }.contains("ends too early"))
    #expect(try broken { $0.pages[0].encoding = 5 }.contains("dictionary of encoding 5"))
    #expect(try broken { $0.pages.removeFirst() }.contains("no dictionary comes before"))
    #expect(try broken { $0.pages.insert(Self.dictionary, at: 0) }.contains("not come first"))
    #expect(try broken { $0.pages[1].body[0] = 33 }.contains("codes of 33 bits"))
    #expect(try broken { $0.pages[1].body = [1, 3] }.contains("ends too early"))
    #expect(try broken { $0.pages[1].body = [1] }.contains("values end too early"))
    #expect(
      try broken { $0.pages[1].body = [1, 0xff, 0xff, 0xff, 0xff, 0x7f] }
        .contains("a run of more than 32 bits"))
    // A run of many more values than there are rows is cut.
    #expect(
      try broken { $0.pages[1].body = [1, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1] }
        == "no fault, but 3 rows")
  }

  @Test func levelsMustFit() throws {
    var sample = SampleParquet(repetition: 1, rows: 2)
    sample.pages = [
      Page(type: 3, values: 2, nulls: 1, levelBytes: 2, body: [3, 1] + SampleParquet.plain(["a"]))
    ]
    #expect(try rows(sample) == ["a", "\\N"])
    sample.pages[0].nulls = 0
    #expect(try fault(sample).contains("0 nulls are promised and 1 are there"))
    sample.pages[0].nulls = 3
    #expect(try fault(sample).contains("as if it were"))
    sample.pages[0].nulls = 1
    sample.pages[0].levelBytes = 100
    #expect(try fault(sample).contains("levels of 100 bytes"))
    sample.pages = [Page(values: 2, body: [200, 0, 0, 0, 3, 1])]
    #expect(try fault(sample).contains("definition levels end too early"))
    sample.pages = [Page(values: 2, body: [2, 0, 0, 0, 4, 7] + SampleParquet.plain(["a", "b"]))]
    #expect(try fault(sample).contains("a definition level of 7"))
  }

  @Test func deltasMustFit() throws {
    func fault(_ body: [UInt8], encoding: Int64) throws -> String {
      let page = Page(values: 2, encoding: encoding, body: body)
      return try self.fault(SampleParquet(pages: [page], rows: 2))
    }
    let (zero, one, less) = (
      SampleParquet.constant(0, 2), SampleParquet.constant(1, 2), SampleParquet.constant(-1, 2)
    )
    #expect(try fault(one + Array("ab".utf8), encoding: 6) == "no fault, but 2 rows")
    #expect(try fault(one + Array("a".utf8), encoding: 6).contains("a value of 1 bytes where 0"))
    #expect(try fault(less + Array("ab".utf8), encoding: 6).contains("a value of -1 bytes"))
    #expect(try fault(SampleParquet.constant(1, 1) + [97], encoding: 6).contains("too early"))
    #expect(try fault(zero + one + Array("ab".utf8), encoding: 7) == "no fault, but 2 rows")
    #expect(
      try fault(one + one + Array("ab".utf8), encoding: 7).contains("shares 1 bytes with one of 0"))
    #expect(try fault(less + one + Array("ab".utf8), encoding: 7).contains("shares -1"))
    #expect(try fault([128, 1, 3, 2, 0], encoding: 6).contains("blocks of 128 values in 3 parts"))
    #expect(try fault([128, 1, 0, 2, 0], encoding: 6).contains("in 0 parts"))
    #expect(try fault([0, 1, 2, 0], encoding: 6).contains("blocks of 0 values"))
    #expect(try fault([128, 1, 1, 2, 0, 0, 65], encoding: 6).contains("values of 65 bits"))
  }

  @Test func hostileFooters() throws {
    let fine = SampleParquet(pages: [Self.ab], rows: 2)
    #expect(try fault([]).contains("cannot be that short"))
    #expect(try fault(Array("PAR1\u{0}\u{0}\u{0}\u{0}PAR1".utf8)).contains("a footer of 0 bytes"))
    #expect(try fault(SampleParquet.file([], [0])).contains("no schema"))
    var bytes = fine.bytes
    bytes[bytes.count - 5] = 0xff
    #expect(try fault(bytes).contains("a footer of 42"))
    bytes = fine.bytes
    bytes[0] = 0
    #expect(try fault(bytes) == "byte 0: not Parquet")
    func broken(_ change: (inout SampleParquet) -> Void) throws -> String {
      var sample = fine
      change(&sample)
      return try fault(sample)
    }
    #expect(try broken { $0.children = 2 }.contains("the schema ends too early"))
    #expect(try broken { $0.children = 0 }.contains("elements after the end"))
    #expect(try broken { $0.children = -1 }.contains("a number of columns of -1"))
    let group = ThriftWriter.structure {
      $0.add(4, "x")
      $0.add(5, 1)
    }
    #expect(
      try broken {
        $0.children = 2
        $0.extraSchema = Array(repeating: group, count: 40)
      }.contains("columns too deep"))
    let leaf = ThriftWriter.structure {
      $0.add(1, 1)
      $0.add(4, "x")
    }
    #expect(
      try broken {
        $0.children = 2
        $0.extraSchema = [leaf]
      }.contains("a row group of 1 columns where the schema has 2"))
    // Lists that say they are longer than all that follows, and structures without end in each other.
    let long = ThriftWriter.structure { $0.add(2, list: [group], count: 1 << 40) }
    #expect(try fault(SampleParquet.file([], long)).contains("bytes or elements"))
    let deep = [UInt8](repeating: 0x1c, count: 100_000)
    #expect(try fault(SampleParquet.file([], [0x9c] + deep)).contains("too deep"))
    let lists = [UInt8](repeating: 0x19, count: 100_000)
    #expect(try fault(SampleParquet.file([], [0x99] + lists)).contains("too deep"))
  }
}
