/// How wide names are on a terminal: wide characters take two columns, combining ones none.
public enum ScreenWidth {
  /// How many columns `bytes` take; a byte that is no part of valid UTF-8 takes one.
  public static func of(_ bytes: some Collection<UInt8>) -> Int {
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
    return pieces(bytes).reduce(0) { $0 + $1.width }
  }

  /// `bytes` in at most `width` columns: where they take more, `…` stands for their middle.
  public static func cut(_ bytes: some Collection<UInt8>, to width: Int) -> [UInt8] {
    let bytes = Array(bytes)
    let pieces = pieces(bytes)
    guard width > 0, pieces.reduce(0, { $0 + $1.width }) > width else { return bytes }
    let room = width - 1
    // The end of a name tells as much as its beginning, and has the odd column.
    var (head, taken, start) = (0, 0, 0)
    while taken + pieces[head].width <= room / 2 {
      taken += pieces[head].width
      start += pieces[head].length
      head += 1
    }
    var (tail, end) = (pieces.count, bytes.count)
    while tail > head, taken + pieces[tail - 1].width <= room {
      tail -= 1
      taken += pieces[tail].width
      end -= pieces[tail].length
    }
    // What combines with a character that is gone goes with it.
    while tail < pieces.count, pieces[tail].width == 0 {
      end += pieces[tail].length
      tail += 1
    }
    return bytes[..<start] + Array("…".utf8) + bytes[end...]
  }

  private static func pieces(_ bytes: some Collection<UInt8>) -> [(length: Int, width: Int)] {
    var pieces: [(length: Int, width: Int)] = []
    var at = bytes.startIndex
    while at < bytes.endIndex {
      let rest = bytes[at...].prefix(4)
      let length = bytes[at] < 0x80 ? 1 : max(1, JSON.utf8Length(rest))
      let scalar =
        length == 1
        ? nil : String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars.first
      pieces.append((length, scalar.map(width) ?? 1))
      at = bytes.index(at, offsetBy: length)
    }
    return pieces
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // Vowels and finals that join the syllable before them.
    if (0x1160...0x11ff).contains(scalar.value) { return 0 }
    if properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// East Asian Width W and F (Unicode Standard Annex 11), whole blocks; emoji are asked for by name.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf,
    0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f,
    0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18dff, 0x1aff0...0x1b2ff, 0x1f200...0x1f265,
    0x20000...0x3fffd,
  ]
}
