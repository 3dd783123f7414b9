import InvBytes
import InvFormat
import Testing

@testable import InvSource

struct ListingPageTests {
  private func request(
    after: String = "", prefix: String = "", versions: Bool = false, end: ListingEnd? = nil
  ) -> ListingPage.Request {
    ListingPage.Request(
      prefix: Array(prefix.utf8), after: ListingMark(key: Array(after.utf8)), from: nil, end: end,
      hasVersions: versions, orders: .all)
  }

  private func page(_ text: String, _ request: ListingPage.Request) throws -> ListingPage {
    let name = request.hasVersions ? "ListVersionsResult" : "ListBucketResult"
    return try ListingPage(Array("<\(name)>\(text)</\(name)>".utf8), to: request)
  }

  private func keys(_ page: ListingPage) -> [String] {
    page.rows.map { String(decoding: page.key($0), as: UTF8.self) }
  }

  private func objects(_ keys: String...) -> String {
    keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
  }

  private let last = "<IsTruncated>false</IsTruncated>"
  private let encoded = "<EncodingType>url</EncodingType>"

  @Test func aRowIsRead() throws {
    let page = try page(
      "<Contents><Key>a%20b+c%2B</Key><LastModified>2026-11-01T00:00:01.5Z</LastModified>"
        + "<ETag>&quot;x&quot;</ETag><Size>18446744073709551615</Size>"
        + "<StorageClass>GLACIER</StorageClass></Contents>\(encoded)\(last)", request())
    #expect(keys(page) == ["a b c+"])
    #expect(page.rows[0].size == .max)
    #expect(page.rows[0].modified == 1_793_491_201)
    #expect(page.classes == [Array("GLACIER".utf8)])
    #expect(page.isLast)
  }

  @Test func keysAreDecodedOnlyWhereTheyAreEncoded() throws {
    #expect(keys(try page(objects("a+%41", "b&amp;&#x9;") + last, request())) == ["a+%41", "b&\t"])
  }

  @Test func versionsHaveStates() throws {
    func version(_ name: String, _ key: String, _ isLatest: Bool) -> String {
      "<\(name)><Key>\(key)</Key><IsLatest>\(isLatest)</IsLatest>"
        + (name == "Version" ? "<Size>1</Size>" : "") + "</\(name)>"
    }
    let page = try page(
      version("DeleteMarker", "a", true) + version("Version", "a", false)
        + version("Version", "b", true) + last, request(versions: true))
    #expect(page.rows.map(\.state) == [.marker, .noncurrent, .current])
    #expect(page.classes == [[], Array("STANDARD".utf8)])
  }

  @Test func aPageIsCutAtTheEndOfItsRange() throws {
    let end = ListingEnd(key: Array("b~~".utf8), shared: 0)
    let page = try page(objects("a", "b/x", "c") + last, request(end: end))
    #expect(keys(page) == ["a", "b/x"])
    #expect(page.isCut)
  }

  @Test func whatComesBeforeTheNextRangeBelongsToThisOne() throws {
    let end = ListingEnd(key: Array("b~~".utf8), shared: 0, next: Array("d".utf8))
    #expect(
      keys(try page(objects("a", "c", "d", "e") + last, request(end: end))) == ["a", "c"])
  }

  @Test(arguments: [
    "", "<ListBucketResult></ListBucketResult>", "<Error><Code>SlowDown</Code></Error>",
    "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
  ]) func whatIsNoListingIsRefused(_ text: String) {
    #expect(throws: FormatError.self) { try ListingPage(Array(text.utf8), to: request()) }
  }

  @Test(arguments: [
    ["b", "a"], ["a", "a"], ["a/x", "a-b/x", "a-b", "b"], ["a.b", "a/x", "a-b"],
  ])
  func keysMustRise(_ names: [String]) {
    let text = names.map { objects($0) }.joined() + last
    #expect(throws: FormatError.self) { try page(text, request()) }
  }

  @Test func keysMustBeginWithThePrefix() throws {
    #expect(throws: FormatError.self) { try page(objects("a", "pa") + last, request(prefix: "a")) }
    #expect(keys(try page(objects("a", "ab") + last, request(prefix: "a"))) == ["a", "ab"])
  }

  @Test func keysMustLieBehindThoseBefore() throws {
    #expect(throws: FormatError.self) { try page(objects("a") + last, request(after: "b")) }
    #expect(throws: FormatError.self) { try page(objects("b") + last, request(after: "b")) }
    #expect(keys(try page(objects("b0") + last, request(after: "b"))) == ["b0"])
  }

  @Test(arguments: [
    "<Contents><Size>1</Size></Contents>", "<Contents><Key>a</Key></Contents>",
    "<Contents><Key>a</Key><Size>-1</Size></Contents>",
    "<Contents><Key>a</Key><Size>18446744073709551616</Size></Contents>",
    "<Contents><Key>a%00</Key><Size>1</Size></Contents>",
    "<Contents><Key>a</Key><Size>1</Size><LastModified>soon</LastModified></Contents>",
    "<Version><Key>a</Key><Size>1</Size></Version>",
  ]) func aBadRowIsRefused(_ row: String) {
    #expect(throws: FormatError.self) { try page(row + encoded + last, request()) }
  }

  @Test(arguments: [("b", "a"), ("b", "B"), ("", "a"), ("b/x", "b")])
  func versionsDoNotGoOnBefore(last: String, next: String) throws {
    let row =
      last.isEmpty
      ? "" : "<Version><Key>\(last)</Key><IsLatest>true</IsLatest><Size>1</Size></Version>"
    let text = row + "<IsTruncated>true</IsTruncated><NextKeyMarker>\(next)</NextKeyMarker>"
    #expect(throws: FormatError.self) { try page(text, request(after: "aa", versions: true)) }
  }

  @Test(arguments: ["b", "b/", "c"]) func versionsGoOnBehind(next: String) throws {
    let text =
      "<Version><Key>b</Key><IsLatest>true</IsLatest><Size>1</Size></Version>"
      + "<IsTruncated>true</IsTruncated><NextKeyMarker>\(next)</NextKeyMarker>"
    let mark = try page(text, request(after: "aa", versions: true)).mark
    #expect(mark?.key == Array(next.utf8))
  }

  @Test func twoOrdersAreKnown() throws {
    let folders = try page(objects("a/x", "a b", "a-b/x", "a0") + last, request())
    #expect(folders.orders == .folders)
    let bytes = try page(objects("a b", "a-b/x", "a/x", "a0") + last, request())
    #expect(bytes.orders == .bytes)
    #expect(try page(objects("a", "b") + last, request()).orders == .all)
  }
}
