import InvBytes

/// The fields of one row, laid out as the rows of inventories are: each with one byte before it and two
/// after.
public struct FieldRow: Sendable {
  /// The fields, and behind them room for loads of whole words.
  private(set) var bytes: [UInt8] = []
  /// Field i is `bytes[opens[i] + 1..<opens[i + 1] - 2]`.
  private(set) var opens: [UInt32] = []

  public init() {}

  var fields: Int { max(0, opens.count - 1) }

  func field(_ place: Int) -> ArraySlice<UInt8> {
    bytes[Int(opens[place]) + 1..<Int(opens[place + 1]) - 2]
  }

  /// Begins a row.
  mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    opens.removeAll(keepingCapacity: true)
  }

  /// Adds a field, which may come in two parts.
  mutating func append(_ field: some Sequence<UInt8>, _ rest: [UInt8] = []) {
    opens.append(UInt32(bytes.count))
    bytes.append(quote)
    bytes.append(contentsOf: field)
    bytes.append(contentsOf: rest)
    bytes.append(quote)
    bytes.append(comma)
  }

  /// Ends the row.
  mutating func end() {
    opens.append(UInt32(bytes.count))
    bytes += repeatElement(0, count: TextWindow.slack)
  }
}
