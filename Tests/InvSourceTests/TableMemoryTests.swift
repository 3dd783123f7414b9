import InvSystem
import Testing

@testable import InvSource

/// What is held of hostile tables.
@Suite struct TableMemoryTests {
  typealias Page = SampleParquet.Page

  private func fault(_ body: () throws -> Void) throws -> String {
    do { try body() } catch let failure as Failure {
      #expect(failure.status == .data)
      return failure.sentence
    }
    return "no fault"
  }

  private func fault(_ sample: SampleParquet, _ memory: TableMemory) throws -> String {
    try fault { _ = try lines(ParquetFile(seekable(sample.bytes), memory: memory)) }
  }

  @Test(arguments: [1, 2, 3, 5, 12])
  func limitsOfReaders(_ readers: Int) {
    let memory = TableMemory(readers: readers)
    #expect(TableRoom(memory).limit == 120 << 20)
    #expect(memory.each * readers + memory.extra <= 168 << 20)
    #expect(TableRoom(memory).take(120 << 20))
    #expect(!TableRoom(memory).take(120 << 20 + 1))
  }

  @Test func emptyRowGroups() throws {
    let root = ThriftWriter.structure { $0.add(5, 1) }
    let leaf = ThriftWriter.structure { $0.add(1, 1) }
    let footer = ThriftWriter.structure { footer in
      footer.add(2, list: [root, leaf])
      footer.add(4, list: Array(repeating: [0], count: 100))
    }
    let bytes = SampleParquet.file([], footer)
    let sentence = try fault { _ = try ParquetFile(seekable(bytes)) }
    #expect(sentence.contains("100 row groups of 1 columns in so few bytes"))
  }

  @Test func dictionariesOfParquet() throws {
    let count = 300_000
    var sample = SampleParquet(type: 1, rows: 1)
    let codes = Page(values: 1, encoding: 8, body: [1, 2, 0])
    sample.pages = [
      Page(type: 2, values: Int64(count), body: [UInt8](repeating: 0, count: 4 * count)), codes,
    ]
    #expect(try fault(sample, TableMemory(each: 7 << 20)) == "no fault")
    #expect(try fault(sample, TableMemory(each: 4 << 20)).contains("more than the 4194304"))
    sample = SampleParquet(type: 0, rows: 1)
    sample.pages = [Page(type: 2, values: 1, body: [1]), codes]
    #expect(try fault(sample, TableMemory()).contains("a dictionary of booleans"))
  }

  @Test(arguments: [0, 6] as [Int64])
  func longValues(_ encoding: Int64) throws {
    for (count, sentence) in [(16 << 20, "no fault"), (16 << 20 + 1, "more than 16777216")] {
      let length =
        encoding == 0
        ? (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        : SampleParquet.constant(Int64(count), 1)
      let body = length + [UInt8](repeating: 0x61, count: count)
      let page = Page(values: 1, encoding: encoding, body: body)
      let sample = SampleParquet(pages: [page], rows: 1)
      #expect(try fault(sample, TableMemory()).contains(sentence))
    }
  }

  @Test func dictionariesOfORC() throws {
    let made = ORCHostileTests().words(1 << 20, lengths: [0x00, 0x01], codes: [0x02, 0x02])
    let file = try ORCFile(memoryFile(made.file), memory: TableMemory(each: 1 << 20))
    let sentence = try fault { _ = try file.reader(part: 0, columns: [0]) }
    #expect(sentence.contains("4194308 bytes are needed beside the rest, more than the 1048576"))
  }

  @Test func blocksOfORC() throws {
    let file = try ORCFile(
      memoryFile(MadeORC(stripes: [ORCHostileTests.ones]).file), memory: TableMemory(each: 10))
    #expect(try fault { _ = try file.reader(part: 0, columns: [0]) }.contains("more than the 10"))
  }

  @Test func whatIsReleased() {
    var vector = ColumnVector()
    vector.dictionary = ColumnDictionary(text: [], starts: [0])
    vector.text = [UInt8](repeating: 0, count: 5 << 20)
    vector.release()
    #expect(vector.dictionary == nil && vector.text.capacity <= 4 << 20)
  }
}
