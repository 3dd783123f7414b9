import InvSystem

/// Values that wait on disk, of which the last to come is the first to go.
struct SpillStack<Element: BitwiseCopyable>: ~Copyable {
  private let folder: String
  private var file: Descriptor?
  private var end: UInt64 = 0

  /// Nothing is created before something comes.
  init(in folder: String) {
    self.folder = folder
    file = nil
  }

  /// Adds `count` values.
  mutating func push(_ values: UnsafePointer<Element>, count: Int) throws(Failure) {
    if file == nil { file = try Descriptor.scratch(in: folder) }
    let bytes = unsafe UnsafeRawBufferPointer(UnsafeBufferPointer(start: values, count: count))
    unsafe try file?.write(bytes, at: end)
    end += UInt64(bytes.count)
  }

  /// Takes the last `count` values back.
  mutating func pop(_ values: UnsafeMutablePointer<Element>, count: Int) throws(Failure) {
    let room = unsafe UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(start: values, count: count))
    end -= UInt64(room.count)
    unsafe try file?.readAll(room, at: end)
  }
}
