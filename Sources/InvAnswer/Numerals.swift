import InvText

extension [UInt8] {
  /// Appends a time: in RFC 3339, or `@` and its seconds where the year has not four digits.
  mutating func append(time: Int64) {
    if !Timestamp.append(time, to: &self) {
      append(0x40)
      if time < 0 { append(0x2d) }
      append(decimal: time.magnitude)
    }
  }
}
