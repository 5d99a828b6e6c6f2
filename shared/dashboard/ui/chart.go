package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// A Chart is a figure over time, drawn as bars. The table beside it says each value.
type Chart struct {
	Name   string // of the picture and of the table: "Redemptions per day"
	X, Y   string // the columns of the table: "Day", "Redemptions"
	Points []Point
	Empty  string // instead of a chart without any value
}

// A Point is one bar.
type Point struct {
	Label string
	Value float64 // for the height alone, which is no figure
	Text  string  // the figure, as people read it
}

const (
	chartWidth  = 720
	chartHeight = 160
	chartEdge   = 4 // above the highest bar, and below the lowest
)

type bar struct {
	x, y, width, height string
	title               string // under the mouse
	below               bool   // the value is less than 0
}

func (c Chart) empty() bool {
	for _, p := range c.Points {
		if p.Value != 0 {
			return false
		}
	}
	return c.Empty != ""
}

// scale is how high a unit is, and where the line of 0 is.
func (c Chart) scale() (scale, zero float64) {
	least, most := 0.0, 0.0
	for _, p := range c.Points {
		least, most = min(least, p.Value), max(most, p.Value)
	}
	if most == least {
		most = least + 1
	}
	scale = (chartHeight - 2*chartEdge) / (most - least)
	return scale, chartEdge + most*scale
}

func (c Chart) axis() string {
	_, zero := c.scale()
	return short(zero)
}

// bars places the points: the highest one reaches the top, those below 0 hang from the line.
func (c Chart) bars() []bar {
	scale, zero := c.scale()
	step := float64(chartWidth) / float64(max(1, len(c.Points)))
	out := make([]bar, len(c.Points))
	for i, p := range c.Points {
		height := p.Value * scale
		if height < 0 {
			height = -height
		}
		if p.Value != 0 {
			height = max(height, 1)
		}
		y := zero - height
		if p.Value < 0 {
			y = zero
		}
		out[i] = bar{short(float64(i)*step + step*0.1), short(y), short(step * 0.8), short(height), p.said(), p.Value < 0}
	}
	return out
}

func short(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

func (c Chart) viewBox() string {
	return "0 0 " + strconv.Itoa(chartWidth) + " " + strconv.Itoa(chartHeight)
}

func (c Chart) table() Table {
	t := Table{Caption: c.Name, Columns: []Column{{Name: c.X}, {Name: c.Y, Number: true}}}
	for _, p := range c.Points {
		t.Rows = append(t.Rows, []templ.Component{T(p.Label), T(p.Text)})
	}
	return t
}

func (p Point) said() string { return p.Label + ": " + p.Text }

func (c Chart) first() string {
	if len(c.Points) == 0 {
		return ""
	}
	return c.Points[0].said()
}

func (c Chart) last() string {
	if len(c.Points) == 0 {
		return ""
	}
	return c.Points[len(c.Points)-1].said()
}

// highest is the figure of the highest bar, by which the others are read.
func (c Chart) highest() string {
	var most Point
	for i, p := range c.Points {
		if i == 0 || p.Value > most.Value {
			most = p
		}
	}
	return most.Text
}
