import InvBytes
import InvCompress
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSource

/// What comes of a text in a format, or of a table.
@Suite struct RelativesTests {
  /// One small inventory in every format that can carry it, and the columns that they all have.
  static let forms: [(SourceFormat, String)] = [
    (
      .s3CSV,
      """
      Key,Size,LastModifiedDate,StorageClass
      a%2Fb+c,7,2026-01-02T03:04:05.000Z,STANDARD
      "a%2F%22q%22,%3B",0,2025-12-31T23:59:59Z,NEARLINE

      """
    ),
    (
      .gcsCSV,
      """
      bucket;name;size;storageClass;timeCreated
      x;a/b c;7;STANDARD;2026-01-02T03:04:05.678Z
      x;"a/""q"",;";0;NEARLINE;2025-12-31 23:59:59 UTC

      """
    ),
    (
      .awsObjects,
      #"{"Contents":[{"Key":"a/b c","Size":7,"LastModified":"2026-01-02T03:04:05+00:00","StorageClass":"STANDARD"},"#
        + #"{"StorageClass":"NEARLINE","Size":0,"Key":"a/\"q\",;","LastModified":"2026-01-01T00:59:59+01:00"}]}"#
    ),
    (
      .azureCSV,
      """
      Name,Last-Modified,Content-Length,AccessTier
      a/b c,2026-01-02T03:04:05.0000000Z,7,STANDARD
      "a/""q"",;",2025-12-31T23:59:59Z,0,NEARLINE

      """
    ),
    (
      .rcloneJSON,
      #"[{"Path":"a/b c","Size":7,"ModTime":"2026-01-02T03:04:05.678901234Z","IsDir":false,"Tier":"STANDARD"},"#
        + "\n"
        + #"{"Path":"a/\"q\",;","Size":0,"ModTime":"2025-12-31T23:59:59Z","IsDir":false,"Tier":"NEARLINE"}]"#
    ),
  ]

  @Test(arguments: forms)
  func sameRowsInEveryFormat(form: (SourceFormat, String)) throws {
    let columns = ["size", "class", "modified"]
    for format in [form.0, nil] {
      var options = ReadingOptions()
      options.format = format
      let found = try listed(Array(form.1.utf8), options)
      let seen = found.rows.map { row in [row.text] + columns.map { row.values[$0] ?? "?" } }
      #expect(
        seen == [
          ["a/b c", "7", "STANDARD", "1767323045"], ["a/\"q\",;", "0", "NEARLINE", "1767225599"],
        ])
    }
  }

  @Test func aTableGivesTheSame() throws {
    let table = FakeTable(
      [
        TableColumn("storage_class", .bytes, isOptional: true),
        TableColumn("key", .bytes, isOptional: false),
        TableColumn("more", .other("list"), isOptional: true),
        TableColumn("size", .integer, isOptional: true),
        TableColumn("last_modified_date", .time, isOptional: true),
      ],
      [
        [["STANDARD", "a/b c", nil, "7", "1767323045"]],
        [["NEARLINE", "a/\"q\",;", nil, "0", "1767225599"]],
      ])
    for limit in [1, 4096] {
      let found = try rows(of: table, limit: limit)
      #expect(found.rows.map(\.text) == ["a/b c", "a/\"q\",;"])
      #expect(found.rows.map { $0.values["size"] } == ["7", "0"])
      #expect(found.rows.map { $0.values["class"] } == ["STANDARD", "NEARLINE"])
      #expect(found.rows.map { $0.values["modified"] } == ["1767323045", "1767225599"])
    }
  }

  @Test func absentAndBadValuesOfATable() throws {
    let columns = [
      TableColumn("Key", .bytes, isOptional: true),
      TableColumn("IsLatest", .boolean, isOptional: true),
      TableColumn("IsDeleteMarker", .bytes, isOptional: true),
      TableColumn("Size", .bytes, isOptional: true),
      TableColumn("LastModifiedDate", .integer, isOptional: true),
      TableColumn("StorageClass", .bytes, isOptional: true),
      TableColumn("IntelligentTieringAccessTier", .bytes, isOptional: true),
      TableColumn("IsMultipartUploaded", .boolean, isOptional: true),
      TableColumn("ETag", .bytes, isOptional: true),
    ]
    let table = FakeTable(
      columns,
      [
        [
          ["k", "1", "false", "5", "-1", "INTELLIGENT_TIERING", "FREQUENT", "1", "x"],
          ["k", "0", "false", "6", "1500", "INTELLIGENT_TIERING", nil, "0", "x"],
          ["k", "0", "true", nil, nil, nil, nil, nil, nil],
          ["k", "1", "", "7", nil, "", nil, nil, ""],
          ["k", nil, "false", "7", nil, "", nil, nil, ""],
          ["k", "1", "false", nil, nil, "", nil, nil, ""],
          ["k", "1", "false", "x", nil, "", nil, nil, ""],
          ["k", "1", "false", "9", "9223372036854775807", "", nil, nil, ""],
          [nil, "1", "false", "9", nil, "", nil, nil, ""],
          ["a\u{0}", "1", "false", "9", nil, "", nil, nil, ""],
          ["l", "1", "false", "9", nil, "", nil, nil, ""],
        ]
      ])
    for isDictionary in [false, true] {
      table.hasDictionaries = isDictionary
      let found = try rows(of: table, with: ["multipart", "etag"], patience: .endless)
      #expect(
        found.rows.map { row in
          ["state", "size", "class", "modified", "multipart", "etag"].map { row.values[$0] ?? "?" }
        } == [
          ["0", "5", "INTELLIGENT_TIERING/FREQUENT_ACCESS", "-1", "true", "x"],
          ["1", "6", "INTELLIGENT_TIERING", "1", "false", "x"],
          ["2", "0", "", "-", "", ""],
          ["0", "9", "STANDARD", "-", "", ""],
        ])
      #expect(
        found.account.audit.setAside == [
          RowVerdict.badState.rawValue: 2, RowVerdict.noSize.rawValue: 1,
          RowVerdict.badSize.rawValue: 1, RowVerdict.badTime.rawValue: 1,
          RowVerdict.emptyKey.rawValue: 1, RowVerdict.nulInKey.rawValue: 1,
        ])
    }
  }

  @Test func columnsThatCannotHoldWhatTheyAreFor() throws {
    func sentence(_ columns: [TableColumn]) -> String? {
      do throws(Failure) {
        let layout = try RowLayout(table: columns, ReadingOptions(), file: "f")
        try TableAssembler.check(layout, columns, file: "f")
        return nil
      } catch { return error.sentence }
    }
    let key = TableColumn("key", .bytes, isOptional: false)
    #expect(
      sentence([key, TableColumn("size", .real, isOptional: true)])?.hasPrefix(
        "f: column 'size' holds real") == true)
    #expect(
      sentence([TableColumn("key", .other("list"), isOptional: false)])
        == "f: column 'key' is of the kind list, which is not read")
    #expect(
      sentence([TableColumn("id", .bytes, isOptional: false)]) == "f: no column 'Key' among id")
    #expect(
      sentence([TableColumn("name", .bytes, isOptional: false)])
        == "f may be azure-parquet or gcs-parquet: say --format")
    #expect(sentence([key, TableColumn("other", .other("map"), isOptional: false)]) == nil)
  }

  /// Every truncation and many changed bytes of each listing: an error, or rows that balance.
  @Test func damage() throws {
    var generator = SeededGenerator(11)
    for (format, text) in Self.forms {
      var options = ReadingOptions()
      options.format = format
      let text = Array(text.utf8)
      let whole = try listed(text, options).rows.count
      for end in text.indices {
        let found = try? listed(Array(text[..<end]), options)
        #expect((found?.rows.count ?? 0) <= whole)
      }
      for _ in 0..<300 {
        var other = text
        other[Int.random(in: other.indices, using: &generator)] = .random(
          in: 0...255, using: &generator)
        guard let found = try? listed(other, options) else { continue }
        #expect(found.account.audit.balances(rows: found.account.counted))
      }
    }
  }

  @Test func linesOfAwsLs() {
    func key(_ line: String) -> String? {
      ListingRows.parts(Array(line.utf8)[...]).map { String(decoding: $0.key, as: UTF8.self) }
    }
    #expect(key("2023-01-05 12:34:56       1234 a b") == "a b")
    #expect(key("2023-01-05 12:34:56 1  a") == " a")
    #expect(key("2023-01-05 12:34:56 1 ") == "")
    #expect(key("2023-01-05 12:34:56    1.2 KiB a") == nil)
    #expect(key("2023-01-05 12:34:56    1") == nil)
    #expect(key("") == nil)
  }

  @Test func times() {
    func seconds(_ text: String, east: Int64 = 0, plain: Bool = false) -> Int64? {
      LooseTime.seconds(Array(text.utf8), clock: LocalClock(secondsEast: east), mayBePlain: plain)
    }
    #expect(seconds("2026-01-01 02:00:00", east: 7200) == 1_767_225_600)
    #expect(seconds("2026-01-01 00:00:00Z", east: 7200) == 1_767_225_600)
    #expect(seconds("2026-01-01T01:00:00+01:00", east: 7200) == 1_767_225_600)
    #expect(seconds("2026-01-01 00:00:00.5 UTC") == 1_767_225_600)
    #expect(seconds("12") == nil)
    #expect(seconds("12", plain: true) == 12)
    #expect(seconds("-1.5", plain: true) == -2)
    #expect(seconds("-1.0", plain: true) == -1)
    #expect(seconds("1e3", plain: true) == nil)
    #expect(seconds("99999999999999999999", plain: true) == nil)
  }
}
