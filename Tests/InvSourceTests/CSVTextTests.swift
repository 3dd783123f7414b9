import InvCompress
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSource

@Suite struct CSVTextTests {
  static let schema =
    "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass"

  /// A row as S3 writes it.
  static func row(
    _ key: String, latest: Bool = true, marker: Bool = false, size: String = "1",
    time: String = "2024-05-06T07:08:09.000Z", storageClass: String = "STANDARD"
  ) -> String {
    #""bucket","\#(key)","v","\#(latest)","\#(marker)","\#(size)","\#(time)","\#(storageClass)""#
      + "\n"
  }

  @Test func everyCut() throws {
    // Regular rows, irregular ones among them, and keys that share escapes.
    var text = ""
    for number in 0..<12 {
      text += Self.row("dir%2F+x/%D0%BE\(number % 5)/file-\(number)", size: "\(number * 999)")
      if number == 5 { text += "b,plain,v,TRUE,False,7,,\r\n\n" }
      if number == 8 { text += "b,\"quo\"\"ted\",v,false,false,8,2024-01-01T00:00:00Z,GLACIER\n" }
    }
    let bytes = Array(text.utf8)
    let whole = try rows(bytes, schema: Self.schema)
    #expect(whole.rows.count == 14 && whole.failure == nil)
    for piece in 1...260 {
      let cut = try rows(bytes, schema: Self.schema, piece: piece)
      #expect(cut.rows == whole.rows && cut.failure == nil, "pieces of \(piece)")
    }
  }

  @Test func regularRowsAreWhatCarefulOnesAre() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    let keys = ["a%2Fb", "a/b", "a+b", "long/\(String(repeating: "n", count: 90))", "x"]
    let times = [
      "2024-05-06T07:08:09.000Z", "2024-05-06T07:08:09Z", "", "1969-12-31T23:59:59.000Z",
    ]
    let classes = ["STANDARD", "", "GLACIER", "MADE_UP", "ITArchive"]
    for _ in 0..<30 {
      var regular = ""
      for _ in 0..<50 {
        regular += Self.row(
          keys.randomElement(using: &dice) ?? "", latest: .random(using: &dice),
          marker: .random(using: &dice),
          size: "\(UInt64.random(in: 0...99_999_999_999, using: &dice))",
          time: times.randomElement(using: &dice) ?? "",
          storageClass: classes.randomElement(using: &dice) ?? "")
      }
      let careful = regular.replacing("\"", with: "").replacing("\n", with: "\r\n")
      let (a, b) = (
        try rows(Array(regular.utf8), schema: Self.schema),
        try rows(Array(careful.utf8), schema: Self.schema)
      )
      #expect(a.rows == b.rows && a.rows.count == 50, "seed \(seed)")
    }
  }

  @Test func states() throws {
    let text =
      Self.row("a") + Self.row("a", latest: false) + Self.row("b", marker: true, size: "")
      + Self.row("b", latest: false, marker: true, size: "", storageClass: "")
      + Self.row("c", storageClass: "")
    let found = try rows(Array(text.utf8), schema: Self.schema).rows
    let names = found.map { $0.values["state"].flatMap(UInt8.init).flatMap(ObjectState.init) }
    #expect(names == [.current, .noncurrent, .marker, .marker, .current])
    #expect(found.map { $0.values["size"] } == ["1", "1", "0", "0", "1"])
    #expect(
      found.map { $0.values["class"] } == ["STANDARD", "STANDARD", "STANDARD", "", "STANDARD"])
  }

  @Test func keysOfEveryKind() throws {
    let keys: [(String, String)] = [
      ("a//b", "a//b"), ("/a", "/a"), ("a/", "a/"), ("a/b", "a/b"), ("a", "a"), ("a.b", "a.b"),
      ("a+b", "a b"), ("/", "/"), ("%2B", "+"), ("%25", "%"), ("%", "%"), ("%zz", "%zz"),
      ("%0A%09%22%1E", "\n\t\"\u{1e}"), (".", "."), ("a/../b", "a/../b"), ("nokey", "nokey"),
      (String(repeating: "/", count: 1024), String(repeating: "/", count: 1024)),
    ]
    let text = keys.map { Self.row($0.0) }.joined()
    #expect(try rows(Array(text.utf8), schema: Self.schema).rows.map(\.text) == keys.map(\.1))
    let bytes = try rows(Array(Self.row("%FF%fe").utf8), schema: Self.schema).rows[0].key
    #expect(bytes == [0xff, 0xfe])
  }

  @Test func badRows() throws {
    let bad: [(String, RowVerdict)] = [
      (Self.row(""), .emptyKey), (Self.row("a%00"), .nulInKey), (Self.row("a\0"), .nulInKey),
      (Self.row("a", size: ""), .noSize), (Self.row("a", size: "-1"), .badSize),
      (Self.row("a", size: "1 "), .badSize),
      (Self.row("a", size: "18446744073709551616"), .badSize),
      (Self.row("a", time: "yesterday"), .badTime),
      (Self.row("a", time: "2024-13-01T00:00:00.000Z"), .badTime),
      ("b,a,v,maybe,false,1,,\n", .badState), ("b,a,v,true,,1,,\n", .badState),
      ("b,a\n", .fieldCount), ("b,a,v,true,false,1,,,\n", .fieldCount),
      ("b,\"a\"x,v,true,false,1,,\n", .afterQuote), ("b,a\"x,v,true,false,1,,\n", .strayQuote),
      ("b,\"a", .openQuote),
    ]
    for (text, verdict) in bad {
      // In front rows enough that the kernel has work.
      let front = String(repeating: Self.row("ok"), count: 5)
      let found = try rows(Array((front + text).utf8), schema: Self.schema)
      let fault = FileAccount.Fault(row: 6, byte: UInt64(front.utf8.count), verdict: verdict)
      #expect(found.account.faults == [fault], "\(text)")
      #expect(
        found.failure?.sentence
          == "test: row 6, byte \(front.utf8.count): \(verdict.rawValue)")
      #expect(found.rows.count == 5)
    }
  }

  @Test func patience() throws {
    let text = (0..<40).map { Self.row("k\($0)", size: $0 % 4 == 0 ? "x" : "1") }.joined()
    let endless = try rows(Array(text.utf8), schema: Self.schema, patience: .endless)
    #expect(endless.rows.count == 30 && endless.failure == nil)
    #expect(endless.account.audit.setAside == [RowVerdict.badSize.rawValue: 10])
    #expect(endless.account.audit.examples.map(\.row) == [1, 5, 9])
    #expect(endless.account.read == 40)
    let ten = try rows(Array(text.utf8), schema: Self.schema, patience: .upTo(10))
    #expect(ten.rows.count == 30 && ten.failure == nil)
    let nine = try rows(Array(text.utf8), schema: Self.schema, patience: .upTo(9))
    #expect(nine.failure != nil && nine.account.faults.last?.row == 37)
    let head = try rows(Array(text.utf8), schema: Self.schema, patience: .endless, limit: 7)
    #expect(head.rows.count == 7)
  }

  @Test func longRows() throws {
    let long = "b," + String(repeating: "k", count: CSVText.rowLimit + 5000) + "\n"
    let text = Array((Self.row("a") + long + Self.row("b")).utf8)
    for piece in [4096, 1 << 18] {
      let found = try rows(text, schema: Self.schema, patience: .endless, piece: piece)
      #expect(found.rows.map(\.text) == ["a", "b"])
      #expect(found.account.audit.setAside == [RowVerdict.longRow.rawValue: 1])
    }
  }

  @Test func wordsAndMissingColumns() throws {
    let text = "b,k1,SSE-S3,,x\nb,k2,SSE-KMS,REPLICA,y\nb,k3,SSE-S3,,x\n"
    let found = try rows(
      Array(text.utf8), schema: "Bucket, Key, EncryptionStatus, ReplicationStatus, ObjectOwner",
      with: ["encryption", "replication_status", "owner"])
    #expect(
      found.schema.columns.map(\.name) == ["key", "owner", "encryption", "replication"])
    #expect(found.rows.map { $0.values["encryption"] } == ["SSE-S3", "SSE-KMS", "SSE-S3"])
    #expect(found.rows.map { $0.values["replication"] } == ["", "REPLICA", ""])
    #expect(found.rows.map { $0.values["owner"] } == ["x", "y", "x"])
  }

  @Test func manyWords() throws {
    let text = (0..<3000).map {
      #""k","word-\#($0 % 1000)-\#(String(repeating: "w", count: $0 % 70))""#
    }
    let found = try rows(
      Array(text.joined(separator: "\n").utf8), schema: "Key, Tag", with: ["tag"])
    #expect(
      found.rows.map { $0.values["tag"] }
        == (0..<3000).map { "word-\($0 % 1000)-\(String(repeating: "w", count: $0 % 70))" })
  }

  @Test func otherFormats() throws {
    for start in [Array("PAR1".utf8), Array("ORC".utf8), Container.magic] {
      #expect(throws: Failure.self) {
        var isOnlyTheFile = false
        let window = try TextWindow(Inflow(ByteSource(name: "x", bytes: start + [0, 0])))
        _ = try OpenedText(window, ReadingOptions(), name: "x", &isOnlyTheFile)
      }
    }
  }

  @Test func byteOrderMarkAndHeader() throws {
    let text = [0xef, 0xbb, 0xbf] + Array("\n\"Key\",size\na,1\n".utf8)
    var csv = try CSVText(Inflow(ByteSource(name: "x", bytes: text)))
    let first = try #require(try csv.firstRow())
    #expect(first == ["Key", "size"])
  }
}
