import InvBytes
public import InvSystem

/// Reads the lines that `aws s3 ls --recursive` prints: date, time, size and key.
public final class ListingRows: RowReader {
  public let layout: RowLayout
  private var window: TextWindow
  /// Whether lines end with CR LF, as the first shows; else a CR belongs to the key.
  private var hasReturns: Bool?
  private var isFirst = true

  init(_ window: consuming TextWindow, carrying wanted: [String], clock: LocalClock)
    throws(Failure)
  {
    var layout = try RowLayout(
      ["LastModified", "Size", "Key"], .aws, carrying: wanted, file: printable(window.name))
    layout.clock = clock
    self.layout = layout
    self.window = window
  }

  public var consumed: UInt64 { window.consumed }
  public var position: UInt64 { window.offset(window.start) }

  public func next(_ row: inout FieldRow) throws(Failure) -> RowFound? {
    while true {
      let start = position
      guard let line = try line() else { return nil }
      if line.isEmpty || Self.isSummary(line) { continue }
      if line.drop(while: { $0 == 0x20 }).starts(with: "PRE ".utf8) {
        throw window.fault("a line of PRE: the listing was not made with --recursive", at: start)
      }
      if isFirst && Self.hasUnit(line) {
        throw window.fault(
          "sizes are rounded: the listing must be made without --human-readable", at: start)
      }
      isFirst = false
      guard let parts = Self.parts(line) else { return RowFound(verdict: .fieldCount, byte: start) }
      row.begin()
      row.append(parts.time)
      row.append(parts.size)
      row.append(parts.key)
      row.end()
      return RowFound(byte: start)
    }
  }

  /// Whether `--summarize` has put this line at the end.
  private static func isSummary(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: "Total Objects: ".utf8) || line.starts(with: "   Total Size: ".utf8)
  }

  /// Time, size and key of a line; nil when it is of another form.
  static func parts(_ line: ArraySlice<UInt8>)
    -> (time: ArraySlice<UInt8>, size: ArraySlice<UInt8>, key: ArraySlice<UInt8>)?
  {
    let time = line.prefix(19)
    guard time.count == 19, zip(time, "0000-00-00 00:00:00".utf8).allSatisfy(isLike) else {
      return nil
    }
    let rest = line.dropFirst(19)
    guard rest.first == 0x20 else { return nil }
    let size = rest.drop { $0 == 0x20 }.prefix { 0x30...0x39 ~= $0 }
    // One blank only: a key may begin with more.
    guard !size.isEmpty, size.endIndex < line.endIndex, line[size.endIndex] == 0x20 else {
      return nil
    }
    return (time, size, line[(size.endIndex + 1)...])
  }

  /// Whether the size of a line has a unit, as `--human-readable` writes it.
  static func hasUnit(_ line: ArraySlice<UInt8>) -> Bool {
    let time = line.prefix(19)
    guard time.count == 19, zip(time, "0000-00-00 00:00:00".utf8).allSatisfy(isLike) else {
      return false
    }
    let size = line.dropFirst(19).drop { $0 == 0x20 }
    let unit = size.drop { 0x30...0x39 ~= $0 || $0 == 0x2e }
    let units = [" Byte ", " Bytes ", " KiB ", " MiB ", " GiB ", " TiB ", " PiB ", " EiB "]
    return unit.startIndex > size.startIndex && units.contains { unit.starts(with: $0.utf8) }
  }

  private static func isLike(_ byte: UInt8, _ model: UInt8) -> Bool {
    model == 0x30 ? 0x30...0x39 ~= byte : byte == model
  }

  /// The next line without its end; nil after the last.
  private func line() throws(Failure) -> ArraySlice<UInt8>? {
    var looked = 0
    while true {
      let rest = window.text[(window.start + looked)..<window.filled]
      if let end = rest.firstIndex(of: newline) {
        let line = window.text[window.start..<end]
        window.start = end + 1
        let hasReturns = hasReturns ?? (line.last == carriageReturn)
        self.hasReturns = hasReturns
        return hasReturns && line.last == carriageReturn ? line.dropLast() : line
      }
      if window.isAtEnd {
        if window.start == window.filled { return nil }
        defer { window.start = window.filled }
        return window.text[window.start..<window.filled]
      }
      looked = window.filled - window.start
      guard looked < TextWindow.limit else {
        throw window.fault("a line of more than \(TextWindow.limit) bytes", at: position)
      }
      try window.refill()
    }
  }
}
