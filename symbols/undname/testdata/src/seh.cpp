// Structured exception handling: filters and finally blocks are functions of their own.
int filter(int);
void work(int);
namespace app {
struct Runner {
  int run(int n) {
    __try { work(n); }
    __except (filter(n + 1)) { return 1; }
    __try { work(n + 2); }
    __finally { work(n + 3); }
    return 0;
  }
};
template <class T> int guarded(T t) {
  __try { work(t); }
  __except (filter(t)) { return 1; }
  return 0;
}
}
extern "C" int plainC(int n) {
  __try { work(n); }
  __finally { work(n); }
  return 0;
}
int callAll(int n) { return app::Runner().run(n) + app::guarded(n) + plainC(n); }
