import Glibc

extension Descriptor {
  /// ioctl(2) TIOCGWINSZ: how many characters a line of the terminal has; nil where it is none or does
  /// not say.
  public var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
