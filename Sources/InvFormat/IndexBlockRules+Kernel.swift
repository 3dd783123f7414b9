import InvBytes

// What inv-index(5) has of blocks and reading does not rest on: that they fill their file, that what is
// left of a byte or word is zero, that lists rise.

extension IndexColumn {
  /// Checks all blocks of a packed column.
  func checkBlocks() throws(FormatError) {
    if isRaw { return }
    var length: UInt64 = 0
    var first = 0
    while first < count {
      let block = try block(first / Self.blockSize)
      let values = min(Self.blockSize, count - first)
      if let fault = block.fault(values: values) {
        throw FormatError("\(name): block \(first / Self.blockSize): \(fault)", at: 0)
      }
      guard isSigned || !block.hasAbsent else {
        throw FormatError("\(name): block \(first / Self.blockSize): values are absent", at: 0)
      }
      length += block.length
      first += values
    }
    guard length == limit else {
      throw FormatError("\(name): its blocks take \(length) bytes of \(limit)", at: 0)
    }
  }
}

extension IndexColumn.Block {
  /// How many bytes it takes.
  var length: UInt64 {
    let behind = (UInt64(exceptions) * exceptionWidth + 63) / 64 * 8
    return UInt64(valueBytes + numberBytes) + behind
  }

  /// What is wrong with a block of so many values; nil when nothing is.
  func fault(values: Int) -> String? {
    let numbers = unsafe start + valueBytes
    let behind = UInt64(valueBytes + numberBytes) * 8
    guard unsafe isZero(start, from: UInt64(values) * width, to: UInt64(valueBytes) * 8),
      unsafe isZero(numbers, from: UInt64(exceptions) * 8, to: UInt64(numberBytes) * 8),
      unsafe isZero(start, from: behind + UInt64(exceptions) * exceptionWidth, to: length * 8)
    else { return "bits behind its numbers are not zero" }
    var last = -1
    for place in 0..<exceptions {
      let number = unsafe Int(numbers.load(fromByteOffset: place, as: UInt8.self))
      guard number > last, number < values else { return "its exceptions do not rise" }
      last = number
    }
    return nil
  }
}

extension PrefixStrings {
  /// Checks the bounds of all blocks, and their characters.
  func checkBlocks() throws(FormatError) {
    guard try offsets.value(0) == 0, try offsets.value(offsets.count - 1) == limit else {
      throw FormatError("prefix_offsets.u64: it does not go from 0 to \(limit)", at: 0)
    }
    if areRaw { return }
    guard unsafe isZero(start, from: limit * 8, to: limit * 8 + 64) else {
      throw FormatError("prefix_blob.bin: the last eight bytes are not zero", at: 0)
    }
    for number in 0..<offsets.count - 1 {
      if let fault = try block(number).fault() {
        throw FormatError("prefix_blob.bin: block \(number): \(fault)", at: 0)
      }
    }
  }
}

extension PrefixStrings.Block {
  /// What is wrong with its characters; nil when nothing is.
  func fault() -> String? {
    let total = place(count - 1) + rest(count - 1)
    guard holds(0, total) else { return "its characters are not all there" }
    let last = characters + UInt64(total) * width
    guard end - last < 8, unsafe isZero(start, from: last, to: end) else {
      return "there is something behind its characters"
    }
    if width == 8 { return nil }
    for symbol in 1..<max(1, symbols) {
      guard
        unsafe alphabet.load(fromByteOffset: symbol - 1, as: UInt8.self)
          < alphabet.load(fromByteOffset: symbol, as: UInt8.self)
      else { return "the characters that occur do not rise" }
    }
    var occurs = SIMD4<UInt64>()
    for place in 0..<total {
      let at = characters + UInt64(place) * width
      let number = unsafe Int(bits(start, at: at, width: width))
      guard number < symbols else { return "character \(place) is not one of its \(symbols)" }
      occurs[number >> 6] |= 1 << UInt64(number & 63)
    }
    let different = (0..<4).reduce(0) { $0 + occurs[$1].nonzeroBitCount }
    return different == symbols ? nil : "\(symbols - different) of its characters do not occur"
  }
}

extension CellBlocks {
  /// Checks the bounds of all blocks.
  func checkOffsets() throws(FormatError) {
    guard try offsets.value(0) == 0, try offsets.value(offsets.count - 1) == limit else {
      throw FormatError("\(offsets.name): it does not go from 0 to \(limit)", at: 0)
    }
    guard unsafe isZero(start, from: limit * 8, to: limit * 8 + 64) else {
      throw FormatError("\(name): the last eight bytes are not zero", at: 0)
    }
  }
}
