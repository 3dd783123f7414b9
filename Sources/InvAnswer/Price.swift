/// A price as a list of prices has it, exactly: below 2^64 millionths of a millionth of the currency.
public struct Price: Equatable, Sendable {
  /// In 10^-12 of the currency.
  let units: UInt64

  /// How many decimals a price may have.
  static let places = 12

  /// Reads `0.00099`; nil is any other text, more than 12 decimals, or 2^64 units and more.
  public init?(_ text: some Collection<UInt8>) {
    let parts = text.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.count <= 20 else { return nil }
    let decimals = parts.count > 1 ? Array(parts[1]) : [0x30]
    guard !decimals.isEmpty, decimals.count <= Self.places else { return nil }
    let zeros = repeatElement(UInt8(0x30), count: Self.places - decimals.count)
    var units: UInt128 = 0
    for digit in Array(whole) + decimals + zeros {
      guard (0x30...0x39).contains(digit) else { return nil }
      units = units * 10 + UInt128(digit - 0x30)
    }
    guard let units = UInt64(exactly: units) else { return nil }
    self.units = units
  }

  /// `0.00099`, with no zeros behind.
  public var text: String {
    let scale: UInt64 = 1_000_000_000_000
    var decimals = String(units % scale)
    decimals = String(repeating: "0", count: Self.places - decimals.utf8.count) + decimals
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(units / scale)" + (decimals.isEmpty ? "" : "." + decimals)
  }
}
