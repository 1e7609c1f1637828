import Glibc

exit(start(CommandLine.arguments))
