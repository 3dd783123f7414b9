import Glibc

/// Memory for as long as somebody holds it.
///
/// Much of it comes in large pages where the kernel has some: madvise(2). Touching it for the first time
/// costs a fraction of what it does page by page.
@safe public final class LargeRoom {
  public let start: UnsafeMutableRawPointer

  private static let page = 2 << 20

  public init(bytes: Int) {
    var room: UnsafeMutableRawPointer?
    let pages = (bytes + Self.page - 1) / Self.page * Self.page
    if bytes >= Self.page / 2, unsafe posix_memalign(&room, Self.page, pages) == 0,
      let room = unsafe room
    {
      // It is no more than advice.
      _ = unsafe madvise(room, pages, MADV_HUGEPAGE)
      unsafe start = room
    } else {
      guard let room = unsafe malloc(max(8, bytes)) else { fatalError("out of memory") }
      unsafe start = room
    }
  }

  deinit { unsafe Glibc.free(start) }
}
