/// The lower-case hexadecimal digit of a number below 16.
func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

/// The upper-case hexadecimal digit of a number below 16.
func upperHexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

/// What a hexadecimal digit of either case stands for.
@inline(__always)
func hexValue(_ digit: UInt8?) -> UInt8? {
  guard let digit else { return nil }
  let number = digit &- 0x30
  if number < 10 { return number }
  let letter = (digit | 0x20) &- 0x61
  return letter < 6 ? letter + 10 : nil
}
