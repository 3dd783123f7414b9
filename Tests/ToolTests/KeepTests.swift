import Foundation
import InvSource
import InvSystem
import Testing

@testable import inv_list

/// What was kept holds as far as it is whole, and for no other listing.
@Suite final class KeepTests {
  private let scratch = FileManager.default.temporaryDirectory.path + "/keep-\(UUID())"

  init() throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: scratch) }

  private func open(
    _ folder: String, _ operand: String = "s3://bucket/p", hasVersions: Bool = false,
    snapshot: Int64? = nil
  ) throws -> Keep {
    let place = try Place(Array(operand.utf8), hasVersions: hasVersions)
    return try Keep(folder, place, snapshot: snapshot)
  }

  /// A folder with two parts of one range: p1 and p2, then p3.
  private func kept() throws -> String {
    let folder = scratch + "/kept"
    for keys in [["p1", "p2"], ["p3"]] {
      let keep = try open(folder, snapshot: 1000)
      let isLast = keys == ["p3"]
      let rows = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
      let text =
        "<ListBucketResult><IsTruncated>\(!isLast)</IsTruncated>\(rows)</ListBucketResult>"
      let request = ListingPage.Request(
        prefix: Array("p".utf8), after: keep.ranges[0].mark, from: nil, end: nil,
        hasVersions: false, orders: .all)
      #expect((try keep.add(ListingPage(Array(text.utf8), to: request), of: 0) != nil) == isLast)
      try keep.finish()
    }
    return folder
  }

  /// How many rows the parts have of what is kept after `change`, opened twice.
  private func rows(of folder: String, _ change: (String) throws -> Void) throws -> [UInt64] {
    let copy = scratch + "/copy"
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    try change(copy)
    let (rows, mark) = try opened(copy)
    let again = try opened(copy)
    #expect(again.rows == rows && again.mark == mark)
    #expect(mark == (rows.isEmpty ? "" : "p2") || rows.count == 2)
    return rows
  }

  /// A child that another test forks holds the lock of the one before until it runs its program.
  private func openedAgain(_ folder: String) throws -> Keep {
    for _ in 0..<500 {
      do { return try open(folder) } catch let failure as Failure where failure.status == .system {
        usleep(10_000)
      }
    }
    return try open(folder)
  }

  private func opened(_ folder: String) throws -> (rows: [UInt64], mark: String) {
    let keep = try openedAgain(folder)
    #expect(keep.ranges[0].isDone == (keep.parts.count == 2))
    let mark = String(decoding: keep.ranges[0].mark.key, as: UTF8.self)
    return (keep.parts.map(\.rows), mark)
  }

  @Test func goesOnWhereItEnded() throws {
    #expect(try rows(of: try kept()) { _ in } == [2, 1])
    #expect(try open(scratch + "/copy").snapshot == 1000)
  }

  @Test func aTornJournalHoldsUpToThere() throws {
    let folder = try kept()
    let journal = try #require(FileManager.default.contents(atPath: folder + "/journal"))
    var counts: [Int] = []
    for length in 0..<journal.count {
      do {
        let rows = try rows(of: folder) {
          try journal.prefix(length).write(to: URL(fileURLWithPath: $0 + "/journal"))
        }
        #expect(rows == Array([2, 1].prefix(rows.count)))
        counts.append(rows.count)
      } catch {
        // Without its header it says nothing of what was listed.
        #expect((error as? Failure)?.status == .data && counts.isEmpty)
      }
    }
    #expect(counts == counts.sorted() && Set(counts) == [0, 1])
  }

  @Test(arguments: [(1, []), (2, [2])])
  func aDamagedPartIsListedAgainWithThoseBehindIt(number: Int, left: [UInt64]) throws {
    let folder = try kept()
    let name = "/part-\(number).rows"
    let part = try #require(FileManager.default.contents(atPath: folder + name))
    for place in part.indices {
      var damaged = part
      damaged[place] ^= 0x10
      let rows = try rows(of: folder) { try damaged.write(to: URL(fileURLWithPath: $0 + name)) }
      #expect(rows == left, "byte \(place)")
    }
    #expect(try rows(of: folder) { try FileManager.default.removeItem(atPath: $0 + name) } == left)
  }

  @Test(arguments: [("s3://other/p", false), ("s3://bucket/", false), ("s3://bucket/p", true)])
  func anotherListingIsRefused(operand: String, hasVersions: Bool) throws {
    let folder = try kept()
    let failure = Failure(
      "\(folder) keeps another listing: name another folder, or remove it", .system)
    #expect(throws: failure) { try open(folder, operand, hasVersions: hasVersions) }
    #expect(try opened(folder).rows == [2, 1])
  }

  @Test func anotherSnapshotIsRefused() throws {
    let folder = try kept()
    #expect(throws: Failure("\(folder) keeps a listing of another --snapshot", .system)) {
      try open(folder, snapshot: 1001)
    }
  }

  @Test func oneAtATime() throws {
    let folder = try kept()
    let first = try open(folder)
    #expect(throws: Failure("another inv-list is at work in \(folder)", .system)) {
      try open(folder)
    }
    #expect(first.parts.count == 2)
  }
}
