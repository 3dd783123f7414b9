extension Parsing {
  /// The widest window a zstd file may ask for: as wide as memory for all that may be read at once allows.
  var windowLog: Int32 {
    let each = (96 << 20) / decoders
    return Int32(63 - UInt64(each).leadingZeroBitCount)
  }

  /// What an xz file may ask for: of 168 MB that which the readers of text leave.
  var xzMemory: UInt64 { UInt64((168 - 4 * decoders) / decoders) << 20 }

  /// What one thread does.
  func work() {
    var worker = Worker(self)
    while let work = queue.pop() {
      switch work {
      case .file(let file):
        worker.read(file)
        file.abandon()
      case .part(let open, let part): worker.read(part, of: open)
      }
    }
  }
}
