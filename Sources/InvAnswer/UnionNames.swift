public import InvBytes
import InvFormat

/// Reads the prefixes of entries mostly in order.
public final class UnionNames {
  private let union: IndexUnion
  private let one: PrefixCursor?
  private let cursors: [PrefixCursor]
  /// The index that the last prefix was read of.
  private var last = 0

  public init(_ union: IndexUnion) {
    self.union = union
    cursors = union.indexes.map { PrefixCursor($0.strings) }
    one = union.isSeveral ? nil : cursors[0]
  }

  /// The prefix that was read last.
  public var prefix: [UInt8] { one?.prefix ?? cursors[last].prefix }

  /// Reads the prefix of `entry`.
  public func move(to entry: Int) throws(FormatError) {
    if let one { return try one.move(to: entry) }
    for (number, cursor) in cursors.enumerated() {
      guard let place = union.place(of: entry, in: number) else { continue }
      do throws(FormatError) { try cursor.move(to: place) } catch {
        throw union.fault(error, in: number)
      }
      last = number
      return
    }
  }
}
