extension Parsing {
  /// The widest window a zstd file may ask for: as wide as memory for all threads allows.
  var windowLog: Int32 {
    let each = (96 << 20) / threads
    return Int32(63 - UInt64(each).leadingZeroBitCount)
  }

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
