import InvFormat

/// A directory in a table's memory: these fields, where there are accessed times their oldest and
/// newest, then its path with its final slash.
struct PathEntry {
  private var lengthAndSize: UInt32
  /// How often it was listed as a directory.
  var listed: UInt32 = 0
  /// Its cells, and how many there are.
  var cells: UInt32 = 0
  var count: UInt32 = 0
  var oldestModified = absentInt
  var newestModified = absentInt

  static let size = 32

  /// A directory without cells, with a path of `length` bytes.
  init(length: Int) { lengthAndSize = UInt32(length) }

  /// The length of its path.
  @inline(__always)
  var length: Int { Int(lengthAndSize & 0x00ff_ffff) }

  /// Which size its array of cells has.
  @inline(__always)
  var size: Int {
    get { Int(lengthAndSize >> 24) }
    set { lengthAndSize = lengthAndSize & 0x00ff_ffff | UInt32(newValue) << 24 }
  }
}

/// The cells of a directory: all points, then all counts of objects, then all bytes.
@safe struct CellArray {
  let points: UnsafeMutablePointer<UInt32>
  let objects: UnsafeMutablePointer<UInt32>
  let bytes: UnsafeMutablePointer<UInt64>

  /// So many cells are looked through one by one.
  static let fewCells = 16
  /// How many sizes there are: the largest fits into a chunk.
  static let sizes = 32

  /// How many cells an array of a size holds: 4, 6, 8, 12, 16, 24 and so on.
  @inline(__always)
  static func capacity(_ size: Int) -> Int { (size & 1 == 0 ? 4 : 6) << (size >> 1) }

  @inline(__always)
  init(_ start: UnsafeMutableRawPointer, _ size: Int) {
    let capacity = Self.capacity(size)
    unsafe points = start.assumingMemoryBound(to: UInt32.self)
    unsafe objects = points + capacity
    unsafe bytes = (start + 8 * capacity).assumingMemoryBound(to: UInt64.self)
  }

  /// Adds an object to a cell; false when the sum overflows.
  @inline(__always)
  func add(_ more: UInt64, at place: Int) throws(Tree.Full) -> Bool {
    guard unsafe objects[place] < .max else { throw Tree.Full() }
    let (sum, overflow) = unsafe bytes[place].addingReportingOverflow(more)
    unsafe bytes[place] = sum
    unsafe objects[place] &+= 1
    return !overflow
  }

  func copy(_ count: Int, to other: CellArray) {
    unsafe other.points.update(from: points, count: count)
    unsafe other.objects.update(from: objects, count: count)
    unsafe other.bytes.update(from: bytes, count: count)
  }
}
