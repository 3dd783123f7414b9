import InvBytes
import InvSystem
import Testing

@testable import InvSource

/// What is told of files, where they show something else or nothing.
@Suite struct ReadingOptionsTests {
  private func failure(_ body: () throws -> Void) -> Failure? {
    do { try body() } catch { return error as? Failure }
    return nil
  }

  @Test(arguments: ["ORCHARD/a", "PAR1S/a", "PARE"])
  func textThatBeginsLikeATable(key: String) throws {
    var options = ReadingOptions()
    options.schema = "Key, Size"
    #expect(try listed(Array("\(key),5\n".utf8), options).rows.map(\.text) == [key])
    options.schema = nil
    options.format = .delimited
    options.columns = "key=1,size=2"
    #expect(try listed(Array("\(key),5\n".utf8), options).rows.map(\.text) == [key])
  }

  @Test func aTableIsNoText() throws {
    var options = ReadingOptions()
    options.format = .s3CSV
    options.schema = "Key, Size"
    let sentence = failure { _ = try listed(Array("PAR1\u{15}\u{4},5\n".utf8), options) }?.sentence
    #expect(sentence == "test is Parquet, not s3-csv")
  }

  @Test(arguments: [
    (SourceFormat.s3CSV, "Key,Size,LastModifiedDate\na,1,2026-01-01T02:00:00\n"),
    (.awsObjects, #"{"Contents":[{"Key":"a","Size":1,"LastModified":"2026-01-01T02:00:00"}]}"#),
    (.rcloneJSON, #"[{"Path":"a","Size":1,"ModTime":"2026-01-01T02:00:00"}]"#),
    (.awsLs, "2026-01-01 02:00:00          1 a\n"),
    (.s3CSV, "Key,Size,LastModifiedDate\na,1,2026-01-01T00:00:00Z\n"),
    (.s3CSV, "Key,Size,LastModifiedDate\na,1,2026-01-01T03:00:00.000+03:00\n"),
  ])
  func zoneOfTimesWithoutOne(format: SourceFormat, text: String) throws {
    var options = ReadingOptions()
    options.format = format
    options.clock = LocalClock(secondsEast: 7200)
    let found = try listed(Array(text.utf8), options)
    #expect(found.rows.map { $0.values["modified"] } == ["1767225600"])
  }

  @Test func zoneOfTimesOfATable() throws {
    let columns = [
      TableColumn("key", .bytes, isOptional: false),
      TableColumn("last_modified_date", .bytes, isOptional: true),
    ]
    var options = ReadingOptions()
    options.clock = LocalClock(secondsEast: 7200)
    let layout = try RowLayout(table: columns, options, file: "test")
    var times = ColumnVector()
    let texts = ["2026-01-01T02:00:00", "2026-01-01T00:00:00Z"]
    times.starts = [0]
    for text in texts {
      times.text += Array(text.utf8)
      times.starts.append(UInt32(times.text.count))
    }
    times.text += repeatElement(0, count: 32)
    #expect(
      texts.indices.map { times.seconds($0, .bytes, layout) } == [1_767_225_600, 1_767_225_600])
  }

  @Test func optionsThatWouldMeanNothing() {
    var columns = ReadingOptions()
    columns.columns = "key=1"
    var header = ReadingOptions()
    header.hasHeader = true
    var delimiter = ReadingOptions()
    delimiter.delimiter = 0x3b
    var unquoted = ReadingOptions()
    unquoted.hasNoQuotes = true
    func refuses(_ options: ReadingOptions, _ format: SourceFormat?, _ table: TableKind? = nil)
      -> Bool
    {
      failure { try options.check(format, table) }?.status == .usage
    }
    let formats: [SourceFormat?] = [nil, .delimited, .rcloneLsf, .s3CSV, .awsLs, .ncdu]
    #expect(formats.map { refuses(columns, $0) } == [true, false, false, true, true, true])
    #expect(formats.map { refuses(header, $0) } == [true, false, true, true, true, true])
    for options in [delimiter, unquoted] {
      #expect(formats.map { refuses(options, $0) } == [false, false, false, false, true, true])
      #expect(refuses(options, nil, .orc) && refuses(options, .s3Parquet, .parquet))
    }
  }

  @Test(arguments: [("b", ["b", "a\r"]), ("b\r", ["b", "a"])])
  func returnsInListings(first: String, keys: [String]) throws {
    let text = [first, "a\r"].map { "2026-01-01 02:00:00          1 \($0)\n" }.joined()
    let found = try listed(Array(text.utf8), ReadingOptions())
    #expect(found.rows.map(\.text) == keys)
  }

  @Test(arguments: ["10 Bytes", "1 Byte", "1.2 KiB", "3.0 TiB"])
  func roundedSizes(size: String) throws {
    let text = "2026-01-01 02:00:00   \(size) a.txt\n"
    let found = try listed(Array(text.utf8), ReadingOptions())
    #expect(found.rows.isEmpty)
    #expect(found.failure?.sentence.contains("--human-readable") == true)
  }

  @Test func malformedKeysOfATable() throws {
    let table = FakeTable(
      [TableColumn("key", .bytes, isOptional: false)], [[["a%zz"], ["b%20"], ["c%2"]]])
    var choice = RowChoice()
    choice.hasEncodedKeys = true
    let found = try rows(of: table, choice: choice)
    #expect(found.rows.map(\.text) == ["a%zz", "b ", "c%2"])
    #expect(found.account.malformedKeys == 2)
  }

  @Test func namesOfTwoStores() {
    #expect(FormatSniffer.families(["Name", "Content-Length", "BlobType"]) == [.azure])
    #expect(FormatSniffer.families(["name", "size", "timeCreated", "bucket"]) == [.gcs])
    #expect(FormatSniffer.families(["name", "size"]) == [.azure, .gcs])
    #expect(FormatSniffer.families(["name", "size", "bucket"]) == [.azure, .gcs])
  }
}
