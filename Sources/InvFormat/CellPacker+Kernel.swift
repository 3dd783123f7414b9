import InvBytes

/// Packs the cells of a block of entries: inv-index(5), "Cells".
@safe struct CellPacker: ~Copyable {
  /// A point of the present block: all its objects, less one, and bytes together.
  private struct Point {
    let code: UInt64
    var objects: UInt64 = 0
    var bytes: UInt64 = 0
    /// What it is among the block's points, and the widths of its figures.
    var number: UInt32 = 0
    var objectWidth: UInt8 = 0
    var byteWidth: UInt8 = 0
  }

  private let isSorted: Bool
  /// How far the state's value is shifted in a code.
  private let stateShift: UInt64
  /// The points as they were met, which of them each cell has, and a table to find them.
  private var points = PlainList<Point>(capacity: 256)
  private var places = PlainList<UInt32>(capacity: 1024)
  private var table = PlainList<UInt32>(capacity: 1024)
  private var codes = PlainList<UInt64>(capacity: 256)
  /// The cells of a row by the numbers of their points, plus 1.
  private var order = PlainList<UInt32>(capacity: 256)
  private var sorted = PlainList<Cell>(capacity: 256)

  /// `sorted` says that each row's cells come by rising code.
  init(stateShift: UInt64, sorted: Bool) {
    self.stateShift = stateShift
    isSorted = sorted
  }

  deinit {
    points.free()
    places.free()
    table.free()
    codes.free()
    order.free()
    sorted.free()
  }

  /// Takes a block, whose cells it may put in order; answers how many bytes it can take at most.
  mutating func take(_ block: CellRows) -> Int {
    gather(block.cells)
    number()
    if !isSorted { sort(block) }
    // Each point has at most 76 bits, each number and each count 32.
    var bits = 0
    for index in 0..<block.cells.count {
      let point = unsafe points.start + Int(places[index])
      bits &+= unsafe Int(point.pointee.objectWidth &+ point.pointee.byteWidth)
    }
    return 64 + points.count * 10 + (block.counts.count + block.cells.count) * 4 + bits / 8
  }

  /// Sets `points` to those of the cells, and `places` to what each cell's is among them.
  private mutating func gather(_ cells: PlainList<Cell>) {
    clearTable(1024)
    points.removeAll()
    places.removeAll()
    places.setCount(cells.count)
    for index in 0..<cells.count {
      if points.count * 2 > table.count { growTable() }
      let mask = table.count &- 1
      let cell = cells[index]
      var at = Int(truncatingIfNeeded: (cell.code &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
      var found = table[at]
      while found > 0, points[Int(found) &- 1].code != cell.code {
        at = (at &+ 1) & mask
        found = table[at]
      }
      if found == 0 {
        points.append(Point(code: cell.code))
        found = UInt32(truncatingIfNeeded: points.count)
        table[at] = found
      }
      places[index] = found &- 1
      let point = unsafe points.start + Int(found &- 1)
      unsafe point.pointee.objects |= cell.objects &- 1
      unsafe point.pointee.bytes |= cell.bytes
    }
  }

  private mutating func clearTable(_ size: Int) {
    table.removeAll()
    table.setCount(size)
    unsafe table.start.update(repeating: 0, count: size)
  }

  /// Makes the table twice as large: it goes by the points, which are far fewer than the cells of a block
  /// whose entries share them.
  private mutating func growTable() {
    clearTable(table.count * 2)
    let mask = table.count - 1
    for index in 0..<points.count {
      var at = Int(truncatingIfNeeded: (points[index].code &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
      while table[at] > 0 { at = (at &+ 1) & mask }
      table[at] = UInt32(truncatingIfNeeded: index + 1)
    }
  }

  /// Sets the numbers of the points, by rising code, and their widths; `codes` has the codes.
  private mutating func number() {
    codes.removeAll()
    codes.setCount(points.count)
    for index in 0..<points.count { codes[index] = points[index].code }
    var buffer = unsafe codes.buffer
    unsafe buffer.sort()
    let mask = table.count - 1
    for number in 0..<codes.count {
      let code = codes[number]
      var at = Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
      while points[Int(table[at]) &- 1].code != code { at = (at &+ 1) & mask }
      let point = unsafe points.start + (Int(table[at]) &- 1)
      unsafe point.pointee.number = UInt32(truncatingIfNeeded: number)
      unsafe point.pointee.objectWidth = Self.width(point.pointee.objects)
      unsafe point.pointee.byteWidth = Self.width(point.pointee.bytes)
    }
  }

  /// The width in which figures are stored: 57 to 63 are taken as 64.
  @inline(__always)
  private static func width(_ value: UInt64) -> UInt8 {
    let width = UInt8(truncatingIfNeeded: 64 &- value.leadingZeroBitCount)
    return width > 56 ? 64 : width
  }

  /// Sorts the cells of each row by the numbers of their points.
  private mutating func sort(_ block: CellRows) {
    var first = 0
    for row in 0..<block.counts.count {
      let count = block.counts[row]
      order.removeAll()
      order.setCount(points.count)
      unsafe order.start.update(repeating: 0, count: points.count)
      for index in first..<first + count {
        let place = places[index]
        order[Int(points[Int(place)].number)] = UInt32(index - first + 1)
      }
      sorted.removeAll()
      unsafe sorted.append(block.cells.start + first, count: count)
      places.setCount(block.cells.count + count)
      for index in 0..<count { places[block.cells.count + index] = places[first + index] }
      var at = first
      for number in 0..<points.count where order[number] > 0 {
        let index = Int(order[number]) - 1
        block.cells[at] = sorted[index]
        places[at] = places[block.cells.count + index]
        at += 1
      }
      first += count
    }
  }

  /// Writes the block that was taken; answers how many bytes it has.
  func write(_ block: CellRows, into room: UnsafeMutablePointer<UInt8>) -> Int {
    var greatest: UInt64 = 0
    var last: UInt64 = 0
    for number in 0..<codes.count {
      greatest = max(greatest, codes[number] - last)
      last = codes[number]
    }
    var longest = 0
    for row in 0..<block.counts.count { longest = max(longest, block.counts[row]) }
    let countWidth = Self.width(UInt64(longest))
    let numberWidth = UInt64(Self.width(UInt64(max(0, codes.count - 1))))
    let codeWidth = Self.width(greatest)
    let head = UnsafeMutableRawPointer(room)
    unsafe head.storeBytes(of: UInt32(codes.count).littleEndian, as: UInt32.self)
    unsafe head.storeBytes(
      of: UInt32(block.cells.count).littleEndian, toByteOffset: 4, as: UInt32.self)
    unsafe room[8] = countWidth
    unsafe room[9] = UInt8(numberWidth)
    unsafe room[10] = codeWidth
    unsafe room[11] = 0
    var bits = unsafe BitRoom(room + 12)
    addPoints(&bits, UInt64(codeWidth))
    for row in 0..<block.counts.count { bits.add(UInt64(block.counts[row]), UInt64(countWidth)) }
    for index in 0..<block.cells.count {
      bits.add(UInt64(points[Int(places[index])].number), numberWidth)
    }
    var first = 0
    for row in 0..<block.counts.count {
      addFigures(&bits, block.cells, first, block.counts[row])
      first += block.counts[row]
    }
    return unsafe bits.end() - room
  }

  @inline(__always)
  private func addPoints(_ bits: inout BitRoom, _ codeWidth: UInt64) {
    let mask = table.count - 1
    var last: UInt64 = 0
    for number in 0..<codes.count {
      let code = codes[number]
      var at = Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
      while points[Int(table[at]) &- 1].code != code { at = (at &+ 1) & mask }
      let point = points[Int(table[at]) &- 1]
      bits.add(code &- last, codeWidth)
      bits.add(UInt64(min(point.objectWidth, 63)), 6)
      bits.add(UInt64(min(point.byteWidth, 63)), 6)
      last = code
    }
  }

  /// Adds the figures of one entry's cells, but not of the widest that is current.
  @inline(__always)
  private func addFigures(
    _ bits: inout BitRoom, _ cells: PlainList<Cell>, _ first: Int, _ count: Int
  ) {
    var widest = -1
    var greatest: UInt8 = 0
    for index in first..<first &+ count {
      // The current ones come first.
      guard cells[index].code &>> stateShift == 0 else { break }
      let point = unsafe points.start + Int(places[index])
      let width = unsafe point.pointee.objectWidth &+ point.pointee.byteWidth
      if widest < 0 || width > greatest { (widest, greatest) = (index, width) }
    }
    for index in first..<first &+ count where index != widest {
      let point = unsafe points.start + Int(places[index])
      unsafe bits.add(cells[index].objects &- 1, UInt64(point.pointee.objectWidth))
      unsafe bits.add(cells[index].bytes, UInt64(point.pointee.byteWidth))
    }
  }
}
