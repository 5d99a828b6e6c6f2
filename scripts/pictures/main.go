// Command pictures takes the pictures of docs/dashboard.md: pages of the demo's company, in a real Chromium.
//
//	go run ./scripts/pictures docs/pictures
package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"windfall/local/control"
	"windfall/local/demo"
	"windfall/local/stack"
)

// pages are the pictures by their names.
var pages = []struct{ name, path string }{
	{"overview", "/dashboard"},
	{"redemptions", "/dashboard/redemptions?status=held"},
	{"customer", "/dashboard/customers/radia-moreau"},
}

const (
	size      = "960,640"
	mostBytes = 60 << 10 // of a picture
	colours   = 64
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "pictures: name the folder to put them in")
		os.Exit(1)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string) error {
	chromium, err := exec.Command("scripts/install-chromium").Output()
	if err != nil {
		return fmt.Errorf("find Chromium: %w", err)
	}
	base, closed, err := serve(ctx)
	if err != nil {
		return err
	}
	defer closed()
	for _, p := range pages {
		if err := take(ctx, strings.TrimSpace(string(chromium)), base+p.path, filepath.Join(folder, p.name+".png")); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// serve runs the demo's company in memory, on the same days each time.
func serve(ctx context.Context) (base string, closed func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	base = "http://" + listener.Addr().String()
	s, err := stack.Open(stack.Options{BaseURL: base, Clock: time.Date(2027, 2, 20, 9, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", nil, err
	}
	s.Control(control.New(s, nil))
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it ends with the pictures
	closed = func() { _ = errors.Join(server.Close(), s.Close()) }
	if err = errors.Join(demo.Fill(ctx, s), demo.History(ctx, s, io.Discard)); err != nil {
		closed()
	}
	return base, closed, err
}

// take has Chromium draw a page, and keeps it with few colours: a page of text needs no more.
func take(ctx context.Context, chromium, url, to string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	temporary, err := os.MkdirTemp("", "picture")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	raw := filepath.Join(temporary, "raw.png")
	out, err := exec.CommandContext(ctx, chromium, "--headless=new", "--no-sandbox", "--hide-scrollbars", "--user-data-dir="+temporary,
		"--window-size="+size, "--screenshot="+raw, url).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	file, err := os.Open(raw)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	if err != nil {
		return err
	}
	return save(fewColours(picture), to)
}

func save(picture image.Image, to string) error {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := errors.Join(encoder.Encode(file, picture), file.Close()); err != nil {
		return err
	}
	info, err := os.Stat(to)
	if err == nil && info.Size() > mostBytes {
		err = fmt.Errorf("%s has %d bytes, more than %d", to, info.Size(), mostBytes)
	}
	return err
}

// fewColours keeps the colours that are used most; others become the nearest of these.
func fewColours(of image.Image) image.Image {
	count := map[color.Color]int{}
	b := of.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[of.At(x, y)]++
		}
	}
	all := make(color.Palette, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.Color) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) // the same picture each time
	})
	few := image.NewPaletted(b, all[:min(colours, len(all))])
	draw.Draw(few, b, of, b.Min, draw.Src)
	return few
}
