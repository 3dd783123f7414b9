/// Sizes and counts as people write and read them.
public enum HumanSize {
  private static let letters = Array("KMGTPE".utf8)

  /// Reads `512`, `512B`, `512M`, `1.5T`, `128KiB`, `10GB`; nil is any other text, or 2^64 and more.
  ///
  /// As in GNU programs, `K` and `KiB` are 1024 bytes and `KB` is 1000, in either case of the letter.
  /// What is left of a byte is dropped; more than 18 decimals are not a size.
  public static func bytes(_ text: some StringProtocol) -> UInt64? {
    let bytes = Array(text.utf8.prefix(64))
    let number = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2e }
    guard let unit = unit(bytes[number.endIndex...]), text.utf8.count < 64 else { return nil }
    let parts = number.split(separator: 0x2e, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    guard let whole = UInt64(String(decoding: parts[0], as: UTF8.self)) else { return nil }
    var total = UInt128(whole) * UInt128(unit)
    if parts.count == 2 {
      guard parts[1].count <= 18 else { return nil }
      var (part, scale) = (UInt128(0), UInt128(1))
      for digit in parts[1] {
        part = part * 10 + UInt128(digit - 0x30)
        scale *= 10
      }
      total += part * UInt128(unit) / scale
    }
    return UInt64(exactly: total)
  }

  private static func unit(_ suffix: ArraySlice<UInt8>) -> UInt64? {
    if suffix.isEmpty || suffix.elementsEqual("B".utf8) { return 1 }
    guard let letter = suffix.first, let power = letters.firstIndex(of: letter & 0xdf) else {
      return nil
    }
    let rest = suffix.dropFirst()
    if rest.isEmpty || rest.elementsEqual("iB".utf8) { return 1 << (10 * UInt64(power + 1)) }
    if rest.elementsEqual("B".utf8) { return (0...power).reduce(1) { total, _ in total * 1000 } }
    return nil
  }

  /// `512 B`, `3.2 GiB`: one decimal, to the nearest, a tie upwards.
  public static func text(bytes: UInt64) -> String {
    if bytes < 1024 { return "\(bytes) B" }
    var power = (63 - bytes.leadingZeroBitCount) / 10
    var tenths = tenths(bytes, power)
    if tenths == 10_240 {
      power += 1
      tenths = 10
    }
    let letter = Character(Unicode.Scalar(letters[power - 1]))
    return "\(tenths / 10).\(tenths % 10) \(letter)iB"
  }

  private static func tenths(_ bytes: UInt64, _ power: Int) -> UInt64 {
    let unit = UInt128(1) << UInt128(10 * power)
    return UInt64((UInt128(bytes) * 10 + unit / 2) / unit)
  }

  /// `1,234,567`.
  public static func text(count: UInt64) -> String {
    let digits = Array(String(count).utf8)
    var text: [UInt8] = []
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 { text.append(0x2c) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
