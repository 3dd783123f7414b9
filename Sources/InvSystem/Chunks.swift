import Glibc

/// Memory that grows by whole chunks and never moves; what lies in it is found by a number.
///
/// A reference counts units of eight bytes; 0 refers to nothing. No allocation spans two chunks, so
/// none may be longer than a chunk.
@safe public struct Chunks: ~Copyable {
  public static var chunkBytes: Int { 4 << 20 }
  @usableFromInline static var shift: UInt32 { 19 }
  @usableFromInline static var mask: UInt32 { (1 << 19) - 1 }

  @usableFromInline let table: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let capacity: Int
  private var mapped = 0
  private var next: UInt32 = 1

  /// Room for as many chunks as `limit` bytes hold, at most 32 GiB; nothing is allocated yet.
  public init(limit: UInt64) {
    capacity = Int(min(limit / UInt64(Self.chunkBytes) + 2, 8191))
    unsafe table = .allocate(capacity: capacity)
  }

  deinit {
    for index in 0..<mapped { unsafe munmap(table[index], Self.chunkBytes) }
    unsafe table.deallocate()
  }

  /// How many bytes have been allocated since the last reset.
  public var allocated: UInt64 { UInt64(next) * 8 }

  /// Room for `count` bytes; nil when the capacity or the machine's memory is used up.
  @inline(__always)
  public mutating func allocate(_ count: Int) -> UInt32? {
    let units = UInt32((count + 7) / 8)
    if next & Self.mask &+ units > Self.mask || Int(next >> Self.shift) >= mapped {
      guard advance(units) else { return nil }
    }
    defer { next += units }
    return next
  }

  private mutating func advance(_ units: UInt32) -> Bool {
    precondition(units < Self.mask)
    if next & Self.mask &+ units > Self.mask { next = (next | Self.mask) + 1 }
    while Int(next >> Self.shift) >= mapped {
      guard mapped < capacity,
        let chunk = unsafe mmap(
          nil, Self.chunkBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        unsafe chunk != MAP_FAILED
      else { return false }
      unsafe madvise(chunk, Self.chunkBytes, MADV_HUGEPAGE)
      unsafe table[mapped] = chunk
      mapped += 1
    }
    return true
  }

  /// Forgets all allocations; keeps the memory for the next, or gives it back.
  public mutating func reset(keepingMemory: Bool) {
    next = 1
    guard !keepingMemory else { return }
    for index in 0..<mapped { unsafe munmap(table[index], Self.chunkBytes) }
    mapped = 0
  }

  /// Where the bytes of a reference lie.
  @inlinable @inline(__always)
  public func address(_ reference: UInt32) -> UnsafeMutableRawPointer {
    unsafe table[Int(reference >> Self.shift)] + Int(reference & Self.mask) * 8
  }
}
