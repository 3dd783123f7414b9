import Glibc

/// signal(2) with SIG_IGN: what would have been a signal comes as an error number.
public func ignore(_ signal: Int32) {
  _ = Glibc.signal(signal, SIG_IGN)
}
