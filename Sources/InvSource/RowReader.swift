import InvBytes
public import InvSystem

/// Reads rows of fields, one after another, out of a data file that is no table of delimited text.
public protocol RowReader: AnyObject {
  /// What the fields hold.
  var layout: RowLayout { get }
  /// How many bytes of the file have been used.
  var consumed: UInt64 { get }
  /// How far the decoded text has been read.
  var position: UInt64 { get }
  /// How many directories there were whose entries could not be listed.
  var unreadFolders: UInt64 { get }

  /// Lays the next row out in `row`, unless it is one that is not to be counted, which the verdict says;
  /// nil at the end.
  func next(_ row: inout FieldRow) throws(Failure) -> RowFound?
}

extension RowReader {
  public var unreadFolders: UInt64 { 0 }
}

/// A row that has been found.
public struct RowFound: Equatable, Sendable {
  public var verdict = RowVerdict.counted
  /// Where it begins in the decoded text.
  public var byte: UInt64
}

/// Makes object rows of what `reader` yields, or of as many as it takes to count `limit` in `account`;
/// calls `between` now and then.
///
/// Also when it throws, the rows that were counted have been written, if they could be.
public func readRows(
  of reader: any RowReader, into rows: inout RowAssembler, account: inout FileAccount,
  limit: UInt64 = .max, between: (UInt64) throws(Failure) -> Void
) throws(Failure) {
  do throws(Failure) {
    var row = FieldRow()
    var seen = 0
    while account.counted < limit, let found = try reader.next(&row) {
      var verdict = found.verdict
      if verdict == .counted { verdict = try rows.take(row.bytes.raw, row.opens.span) }
      try account.note(verdict, at: found.byte)
      seen += 1
      if seen & 0xfff == 0 { try between(reader.consumed) }
    }
  } catch {
    account.end = reader.position
    finish(reader, rows, &account)
    if rows.loss == nil { try rows.flush() }
    throw error
  }
  finish(reader, rows, &account)
  try rows.flush()
}

private func finish(
  _ reader: any RowReader, _ rows: borrowing RowAssembler, _ account: inout FileAccount
) {
  rows.remark(in: &account)
  account.unreadFolders = reader.unreadFolders
}
