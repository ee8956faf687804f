# Of the listing of a JDK's classes, those of windows, sound and XML transformations, which nothing here uses. A module
# must keep the packages that it declares: each keeps its first class.
/^Module: / { module = $2 }
/\.class$/ {
  folder = $1
  sub(/\/[^\/]*$/, "", folder)
  unused = module == "java.xml" && folder ~ /^com\/sun\/org/ ||
    module == "java.desktop" && folder ~ /^(javax\/swing|com\/sun\/java\/swing|sun\/swing|sun\/awt\/X11|sun\/print|com\/sun\/media|javax\/sound)/
  if (unused && seen[module "/" folder]++) print "/" module "/" $1
}
